import { isFolderTransfer } from '../../transfer/generation-execution.ts';
import { type Fault, faultOf, isSameFault } from './fault.ts';
import type { EndedExecution, Outcomes } from './outcome.ts';

const DAY_MS = 86_400_000;

/** How often a fault has been met on this day (UTC), the present time included. */
export interface Repeats {
  count: number;
  firstAtMs: number;
  /** Other files that met it, newest first. */
  otherSubjects: readonly string[];
}

/** Counts the failures of the same fault that ended before this one and were started on the same day (UTC). */
export async function countRepeats(
  ended: EndedExecution,
  fault: Fault,
  { stateMachineArn, isFolderRun }: { stateMachineArn: string; isFolderRun: boolean },
  outcomes: Pick<Outcomes, 'failedSince'>,
  signal: AbortSignal,
): Promise<Repeats> {
  const dayStartMs = Math.floor(ended.startedAtMs / DAY_MS) * DAY_MS;
  const isWanted = (name: string) => isFolderRun || !isFolderTransfer(name);
  const failed = await outcomes.failedSince(stateMachineArn, dayStartMs, isWanted, signal);
  const earlier = failed
    .filter((other) => endedBefore(other, ended))
    .map((other) => ({ ...faultOf(other, 'FAILED', isFolderRun), endedAtMs: other.endedAtMs }))
    .filter((other) => isSameFault(other, fault));
  const subjects = earlier.flatMap(({ subject }) => (subject === undefined ? [] : [subject]));
  return {
    count: earlier.length + 1,
    firstAtMs: Math.min(ended.endedAtMs, ...earlier.map(({ endedAtMs }) => endedAtMs)),
    otherSubjects: [...new Set(subjects)].filter((subject) => subject !== fault.subject),
  };
}

/** Two that end in the same millisecond have an order, too: one of them is the first. */
function endedBefore(one: EndedExecution, other: EndedExecution): boolean {
  if (one.arn === other.arn) return false;
  return one.endedAtMs < other.endedAtMs || (one.endedAtMs === other.endedAtMs && one.arn < other.arn);
}

/** Failures 1, 2, 4, 8 and so on of a day are mailed: the second shows that a repair was none, an hourly one makes five. */
export function isWorthAMail(count: number): boolean {
  return Number.isInteger(Math.log2(count));
}
