import type { HistoryEvent } from '@aws-sdk/client-sfn';
import { z } from 'zod';
import { segmentProgressSchema } from '../../transfer/contracts.ts';
import { parseJson } from '../../transfer/text/parse-json.ts';
import type { AttemptFact } from './chunks-of-segments.ts';

/** A Task state that was entered, and what was done in it. */
export interface TaskVisit {
  step: string;
  /** Only of a state that works on a segment. */
  segmentNumber?: number;
  attempts: AttemptFact[];
  /** True when its last attempt was the last: the state was left, or the Map around it ended. */
  isOver: boolean;
  /** JSON of the last result. */
  output?: string;
}

type MutableAttempt = { -readonly [K in keyof AttemptFact]: AttemptFact[K] };

const segmentInputSchema = z.object({ segment: z.object({ segment_number: z.int() }) });
/** What Step Functions calls a task that ran out of its state's time. */
const TIMEOUT_ERROR = 'States.Timeout';

/**
 * Every Task state that an execution entered, with each of its attempts. An event belongs to the state of the event
 * that it names as its previous one. Runs without an end are `running`, up to `nowMs`; when the Map or the
 * execution ended before them they are `cancelled`.
 * @param events in their order
 */
export function readTaskVisits(events: readonly HistoryEvent[], nowMs: number): TaskVisit[] {
  const visits: TaskVisit[] = [];
  const visitOf = new Map<number, TaskVisit>();
  const open = new Map<TaskVisit, MutableAttempt>();
  const cancelOpen = (endedAtMs: number, which: (visit: TaskVisit) => boolean): void => {
    for (const [visit, attempt] of open) {
      if (!which(visit)) continue;
      Object.assign(attempt, { outcome: 'cancelled', endedAtMs });
      open.delete(visit);
    }
    for (const visit of visits) if (which(visit)) visit.isOver = true;
  };

  for (const event of events) {
    const { id = 0, type = '', previousEventId = 0 } = event;
    const atMs = event.timestamp?.getTime() ?? nowMs;
    if (type === 'TaskStateEntered') {
      const visit = enter(event);
      visits.push(visit);
      visitOf.set(id, visit);
      continue;
    }
    if (/^Map(State|Run)(Failed|Aborted)$/.test(type))
      cancelOpen(atMs, ({ segmentNumber }) => segmentNumber !== undefined);
    if (/^Execution(Failed|Aborted|TimedOut)$/.test(type)) cancelOpen(atMs, () => true);
    const visit = visitOf.get(previousEventId);
    if (visit === undefined) continue;
    visitOf.set(id, visit);
    if (type === 'TaskStateExited') visit.isOver = true;
    if (/^(LambdaFunction|Task)Scheduled$/.test(type)) {
      const attempt = begin(visit, atMs, nowMs);
      visit.attempts.push(attempt);
      open.set(visit, attempt);
      continue;
    }
    const attempt = open.get(visit);
    const end = endOf(event);
    if (attempt === undefined || end === undefined) continue;
    Object.assign(
      attempt,
      end.error === undefined ? { outcome: 'succeeded' } : { outcome: 'failed', error: end.error },
    );
    attempt.endedAtMs = atMs;
    if (end.output !== undefined) visit.output = end.output;
    const progress = progressIn(visit, end.output);
    if (progress !== undefined) attempt.progress = progress;
    open.delete(visit);
  }
  return visits;
}

function enter({ stateEnteredEventDetails }: HistoryEvent): TaskVisit {
  const { name: step = '', input } = stateEnteredEventDetails ?? {};
  const segment = segmentInputSchema.safeParse(parseJson(input)).data?.segment;
  return { step, attempts: [], isOver: false, ...(segment && { segmentNumber: segment.segment_number }) };
}

function begin({ step, segmentNumber }: TaskVisit, startedAtMs: number, nowMs: number): MutableAttempt {
  return {
    step,
    ...(segmentNumber !== undefined && { segmentNumber }),
    startedAtMs,
    endedAtMs: nowMs,
    outcome: 'running',
  };
}

/** What a worker did, as it returned it. */
function progressIn({ segmentNumber }: TaskVisit, output: string | undefined): AttemptFact['progress'] {
  if (segmentNumber === undefined) return undefined;
  return segmentProgressSchema.safeParse(parseJson(output)).data;
}

/** How an attempt ended; undefined when the event does not end one. */
function endOf(
  event: HistoryEvent,
): { output?: string | undefined; error?: AttemptFact['error'] } | undefined {
  const succeeded = event.lambdaFunctionSucceededEventDetails ?? event.taskSucceededEventDetails;
  if (succeeded !== undefined) return { output: succeeded.output };
  const failed =
    event.lambdaFunctionFailedEventDetails ??
    event.lambdaFunctionTimedOutEventDetails ??
    event.lambdaFunctionScheduleFailedEventDetails ??
    event.lambdaFunctionStartFailedEventDetails ??
    event.taskFailedEventDetails ??
    event.taskTimedOutEventDetails ??
    event.taskStartFailedEventDetails ??
    event.taskSubmitFailedEventDetails;
  if (failed === undefined && !/^(LambdaFunction|Task)(Failed|TimedOut)$/.test(event.type ?? ''))
    return undefined;
  return { error: { name: failed?.error ?? TIMEOUT_ERROR, message: failed?.cause ?? '' } };
}
