import type { Clock } from '../transfer/clock.ts';
import type { WorkflowTask } from './workflow-runner.ts';

/** One run of a Task state; a retried state has several. */
export interface StepAttempt {
  /** The state's name, such as `DownloadChunk`. */
  step: string;
  /** Only of a state that works on a chunk. */
  chunkNumber?: number;
  /** Milliseconds since 1970-01-01 UTC, as `endedAtMs`. */
  startedAtMs: number;
  endedAtMs: number;
  /** `cancelled`: nobody waited for its result any more. */
  outcome: 'succeeded' | 'failed' | 'cancelled';
  error?: { name: string; message: string };
}

/** The same tasks, each run of which is told to `onEnd` when it is over. */
export function observeSteps(
  tasks: Readonly<Record<string, WorkflowTask>>,
  clock: Pick<Clock, 'nowMs'>,
  onEnd: (attempt: StepAttempt) => void,
): Record<string, WorkflowTask> {
  const observed = Object.entries(tasks).map(([step, task]): [string, WorkflowTask] => [
    step,
    async (input, signal) => {
      const chunkNumber = chunkNumberOf(input);
      const begun = {
        step,
        ...(chunkNumber === undefined ? {} : { chunkNumber }),
        startedAtMs: clock.nowMs(),
      };
      try {
        const result = await task(input, signal);
        onEnd({ ...begun, endedAtMs: clock.nowMs(), outcome: 'succeeded' });
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

function chunkNumberOf(input: unknown): number | undefined {
  const chunk = (input as { chunk?: { chunk_number?: unknown } } | null)?.chunk;
  return typeof chunk?.chunk_number === 'number' ? chunk.chunk_number : undefined;
}
