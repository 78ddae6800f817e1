import { countOf, formatClock, formatDuration } from '../format/numbers.ts';
import type { RetriedFailure } from '../timeline/retried-failures.ts';

/** Of an error's message, as much as a line of progress has room for. */
const MAX_CAUSE_CHARACTERS = 100;

/**
 * One line for each kind of failure: segments that failed at the same try for the same reason share a line, since an
 * outage of the partner stops all of them at once.
 */
export function retriesForPeople(failures: readonly RetriedFailure[]): string[] {
  return grouped(failures).map(([first, ...others]) => {
    const waitSeconds = (latest([first, ...others]) - first.failedAtMs) / 1_000;
    return `${subjectOf([first, ...others])} failed: ${reasonOf(first)}, ${tryOf(first)}, next within ${formatWait(waitSeconds)}`;
  });
}

/** The same for somebody who looks once: until when it waits. */
export function waitsForPeople(failures: readonly RetriedFailure[]): string[] {
  return grouped(failures).map(
    (group) =>
      `${subjectOf(group)} waits to be tried again, until ${formatClock(latest(group))} at the latest, ` +
      `after ${reasonOf(group[0])}, ${tryOf(group[0])}`,
  );
}

export function retriesAsJson(failures: readonly RetriedFailure[]): Record<string, unknown>[] {
  return failures.map(({ step, segmentNumber, error, tryNumber, maxTries, nextByMs }) => ({
    step,
    segment_number: segmentNumber ?? null,
    error: error.name,
    cause: error.message,
    failed_tries: tryNumber,
    max_tries: maxTries,
    next_by: new Date(nextByMs).toISOString(),
  }));
}

type Group = readonly [RetriedFailure, ...RetriedFailure[]];

function grouped(failures: readonly RetriedFailure[]): Group[] {
  const groups = Map.groupBy(failures, ({ step, error, tryNumber }) => `${step} ${error.name} ${tryNumber}`);
  return [...groups.values()] as unknown as Group[];
}

function subjectOf([first, ...others]: Group): string {
  if (first.segmentNumber === undefined) return first.step;
  return others.length === 0
    ? `${first.step} of segment ${first.segmentNumber}`
    : `${first.step} of ${countOf(others.length + 1, 'segment')}`;
}

function reasonOf({ error }: RetriedFailure): string {
  const cause = shortCause(error.message);
  return cause === '' ? error.name : `${error.name} (${cause})`;
}

/** The first sentence, without the full stop. */
function shortCause(message: string): string {
  const sentence = message.split(/\.(?:\s|$)/, 1)[0] ?? '';
  return sentence.length <= MAX_CAUSE_CHARACTERS ? sentence : `${sentence.slice(0, MAX_CAUSE_CHARACTERS)}…`;
}

function tryOf({ tryNumber, maxTries }: RetriedFailure): string {
  return `try ${tryNumber} of ${maxTries}`;
}

function latest(group: Group): number {
  return Math.max(...group.map(({ nextByMs }) => nextByMs));
}

function formatWait(seconds: number): string {
  return seconds < 60 ? `${Math.ceil(seconds)} s` : formatDuration(seconds);
}
