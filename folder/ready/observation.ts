import { type FileIdentity, isSameFile } from '../../ledger/entry.ts';

/** What looks at one path have shown so far. All times are ours, in milliseconds since 1970-01-01 UTC. */
export interface Observation extends FileIdentity {
  /** The first of the looks, without another in between, that showed exactly this size and time. */
  sinceMs: number;
  /** Of the first look at the path, whatever it showed. */
  firstSeenMs: number;
  /** How often a look differed from the one before. */
  changes: number;
}

/**
 * Adds one look. A path that was missing from a complete listing starts anew: its observation is dropped by whoever
 * keeps them.
 */
export function observe(
  earlier: Observation | undefined,
  { sizeBytes, modifiedAtSeconds }: FileIdentity,
  nowMs: number,
): Observation {
  const seen = { sizeBytes, modifiedAtSeconds };
  if (earlier === undefined) return { ...seen, sinceMs: nowMs, firstSeenMs: nowMs, changes: 0 };
  // Our own clock may have been set back meanwhile: no time that has passed can be told then.
  const firstSeenMs = Math.min(earlier.firstSeenMs, nowMs);
  if (!isSameFile(earlier, seen)) {
    return { ...seen, sinceMs: nowMs, firstSeenMs, changes: earlier.changes + 1 };
  }
  const sinceMs = earlier.sinceMs > nowMs ? nowMs : earlier.sinceMs;
  return { ...seen, sinceMs, firstSeenMs, changes: earlier.changes };
}
