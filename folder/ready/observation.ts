import { type FileIdentity, isSameFile } from '../../ledger/entry.ts';

/** What the listings have shown of one path so far. All times are ours, in milliseconds since 1970-01-01 UTC. */
export interface Observation extends FileIdentity {
  /** The first listing, without a different one since, that showed exactly this size and time. */
  sinceMs: number;
  /** The last listing that showed it. Two listings are so far apart, however long the decision takes after them. */
  lastSeenMs: number;
  /** Of the first listing that had the path, whatever it showed. */
  firstSeenMs: number;
  /** How often a listing differed from the one before. */
  changes: number;
}

/**
 * Adds one listing. A path that was missing from a complete listing starts anew: its observation is dropped by whoever
 * keeps them.
 */
export function observe(
  earlier: Observation | undefined,
  { sizeBytes, modifiedAtSeconds }: FileIdentity,
  nowMs: number,
): Observation {
  if (earlier === undefined) {
    return {
      sizeBytes,
      modifiedAtSeconds,
      sinceMs: nowMs,
      lastSeenMs: nowMs,
      firstSeenMs: nowMs,
      changes: 0,
    };
  }
  // Our own clock may have been set back meanwhile: how much time has passed is unknown then.
  const firstSeenMs = Math.min(earlier.firstSeenMs, nowMs);
  const isSame = isSameFile(earlier, { sizeBytes, modifiedAtSeconds });
  const sinceMs = isSame ? Math.min(earlier.sinceMs, nowMs) : nowMs;
  const changes = isSame ? earlier.changes : earlier.changes + 1;
  return { sizeBytes, modifiedAtSeconds, sinceMs, lastSeenMs: nowMs, firstSeenMs, changes };
}
