import type { Clock } from '../transfer/clock.ts';
import type { SegmentProgress } from '../transfer/contracts.ts';
import type { WorkflowTask } from './workflow-runner.ts';

/** One run of a Task state; a retried state has several. */
export interface StepAttempt {
  /** The state's name, such as `DownloadSegment`. */
  step: string;
  /** Only of a state that works on a segment. */
  segmentNumber?: number;
  /** Milliseconds since 1970-01-01 UTC, as `endedAtMs`. */
  startedAtMs: number;
  endedAtMs: number;
  /** `cancelled`: nobody waited for its result any more. */
  outcome: 'succeeded' | 'failed' | 'cancelled';
  error?: { name: string; message: string };
  /** What the worker of a segment did, where it succeeded. */
  progress?: SegmentProgress;
}

/** The same tasks, each of whose attempts is reported to `onEnd` when it is over. */
export function observeSteps(
  tasks: Readonly<Record<string, WorkflowTask>>,
  clock: Pick<Clock, 'nowMs'>,
  onEnd: (attempt: StepAttempt) => void,
): Record<string, WorkflowTask> {
  const observed = Object.entries(tasks).map(([step, task]): [string, WorkflowTask] => [
    step,
    async (input, signal) => {
      const segmentNumber = segmentNumberOf(input);
      const begun = {
        step,
        ...(segmentNumber === undefined ? {} : { segmentNumber }),
        startedAtMs: clock.nowMs(),
      };
      try {
        const result = await task(input, signal);
        const isWorker = step === 'DownloadSegment' && segmentNumber !== undefined;
        const progress = isWorker ? (result as SegmentProgress) : undefined;
        const ended = { ...begun, endedAtMs: clock.nowMs(), outcome: 'succeeded' as const };
        onEnd(progress === undefined ? ended : { ...ended, progress });
        return result;
      } catch (error) {
        const { name, message } = error instanceof Error ? error : new Error(String(error));
        const outcome = signal.aborted ? 'cancelled' : 'failed';
        onEnd({ ...begun, endedAtMs: clock.nowMs(), outcome, error: { name, message } });
        throw error;
      }
    },
  ]);
  return Object.fromEntries(observed);
}

function segmentNumberOf(input: unknown): number | undefined {
  const segment = (input as { segment?: { segment_number?: unknown } } | null)?.segment;
  return typeof segment?.segment_number === 'number' ? segment.segment_number : undefined;
}
