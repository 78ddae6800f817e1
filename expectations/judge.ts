import type { Expectation } from './settings.ts';
import type { Arrival, Copying, Failure, Look, Sight } from './sight.ts';
import type { ExpectedDate } from './window.ts';

/** Why a file is not here: exactly one of five. */
export type Cause =
  /** The partner's: it has sent nothing. */
  | { kind: 'not-on-server'; lookedAtMs: number; isOldFileThere: boolean }
  /** The partner's, mostly: it is there, and is not complete. */
  | { kind: 'not-ready'; lookedAtMs: number; path: string; reason: string }
  /** Nobody's yet. `readyAtMs` is absent where nothing shows how far it is. */
  | { kind: 'copying'; path: string; sinceMs: number; readyAtMs?: number }
  | { kind: 'failed'; errorName: string; message: string; path?: string; execution?: string }
  /** Ours: nothing is known of the server since `lastLookMs`; absent where there was no look at all. */
  | { kind: 'not-looked'; lastLookMs?: number };

export type Verdict =
  | { arrived: true; atMs: number; files: readonly Arrival[] }
  | { arrived: false; files: readonly Arrival[]; cause: Cause };

/**
 * Whether the files of one date have landed, and if not, why.
 * @param counted identities of what met earlier dates: a replay of an old delivery does not meet this one
 */
export function judge(
  { files: wanted, minBytes }: Pick<Expectation, 'files' | 'minBytes'>,
  expected: ExpectedDate,
  sight: Sight,
  counted: ReadonlySet<string>,
  nowMs: number,
): Verdict {
  const inTime = sight.arrivals.filter(
    ({ landedAtMs }) => (expected.isDated || landedAtMs >= expected.fromMs) && landedAtMs < expected.untilMs,
  );
  const fresh = inTime.filter(({ identity }) => expected.isDated || !counted.has(identity));
  const files = fresh
    .filter(({ sizeBytes }) => sizeBytes >= minBytes)
    .sort((one, other) => one.landedAtMs - other.landedAtMs)
    .slice(0, wanted);
  const last = files[wanted - 1];
  if (last !== undefined) return { arrived: true, atMs: last.landedAtMs, files };
  const tooSmall = fresh.find(({ sizeBytes }) => sizeBytes < minBytes);
  const isOldFileThere = inTime.length > fresh.length;
  return { arrived: false, files, cause: causeOf(expected, sight, { tooSmall, isOldFileThere }, nowMs) };
}

function causeOf(
  expected: ExpectedDate,
  sight: Sight,
  { tooSmall, isOldFileThere }: { tooSmall: Arrival | undefined; isOldFileThere: boolean },
  nowMs: number,
): Cause {
  const slowest = lastToEnd(sight.copying, nowMs);
  if (slowest !== undefined) return slowest;
  const look = newest(sight.looks);
  const failure = newest(sight.failures);
  // Before the time has come, the age that a listing may have is counted back from now.
  const lookSinceMs = expected.lookSinceMs - Math.max(0, expected.dueMs - nowMs);
  if (failure !== undefined && failure.atMs >= Math.max(lookSinceMs, look?.atMs ?? 0)) return failed(failure);
  if (look === undefined || look.atMs < lookSinceMs) {
    return { kind: 'not-looked', ...(look !== undefined && { lastLookMs: look.atMs }) };
  }
  const [waiting] = look.waiting;
  if (waiting !== undefined) return { kind: 'not-ready', lookedAtMs: look.atMs, ...waiting };
  if (tooSmall !== undefined) {
    return { kind: 'not-ready', lookedAtMs: look.atMs, path: tooSmall.path, reason: 'too-small' };
  }
  if (!look.isComplete) return { kind: 'not-looked', lastLookMs: look.atMs };
  return { kind: 'not-on-server', lookedAtMs: look.atMs, isOldFileThere };
}

function failed({ errorName, message, path, execution }: Failure): Cause {
  return {
    kind: 'failed',
    errorName,
    message,
    ...(path !== undefined && { path }),
    ...(execution !== undefined && { execution }),
  };
}

/** The file that all are waiting for: one of which nothing is known, else the one that will be ready last. */
function lastToEnd(copying: readonly Copying[], nowMs: number): Cause | undefined {
  const ends = copying.map(({ path, sinceMs, progress }) => {
    const readyAtMs = progress && endOf({ sinceMs, ...progress }, nowMs);
    return { kind: 'copying' as const, path, sinceMs, ...(readyAtMs !== undefined && { readyAtMs }) };
  });
  const rank = ({ readyAtMs = Number.POSITIVE_INFINITY }: { readyAtMs?: number }): number => readyAtMs;
  return ends.sort((one, other) => rank(other) - rank(one))[0];
}

/** By the mean rate so far; undefined before the first byte has landed. */
function endOf(
  { sinceMs, doneBytes, sizeBytes }: { sinceMs: number; doneBytes: number; sizeBytes: number },
  nowMs: number,
): number | undefined {
  if (doneBytes === 0) return undefined;
  const elapsedMs = Math.max(nowMs - sinceMs, 1);
  return nowMs + Math.ceil((elapsedMs * Math.max(sizeBytes - doneBytes, 0)) / doneBytes);
}

function newest<T extends Look | Failure>(events: readonly T[]): T | undefined {
  return events.reduce<T | undefined>(
    (last, event) => (last === undefined || event.atMs > last.atMs ? event : last),
    undefined,
  );
}
