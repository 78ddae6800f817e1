import type { Attempt, Hold, LandedGeneration, LedgerEntry } from '../ledger/entry.ts';

/**
 * What a run must know of a row of the ledger to decide about its path. A run keeps that of every row, and a folder may
 * have a million: where the object is, and all else that only a worker needs, would be several times as much.
 */
export interface KnownRow {
  lastGeneration: number;
  hold?: Pick<Hold, 'reason'>;
  attempt?: Pick<Attempt, 'sizeBytes' | 'modifiedAtSeconds' | 'generation' | 'failures' | 'claim'> & {
    error?: { name: string };
  };
  landed?: Pick<LandedGeneration, 'sizeBytes' | 'modifiedAtSeconds' | 'generation' | 'trigger'>;
  goneAtMs?: number;
}

export function knownRow({ lastGeneration, hold, attempt, landed, goneAtMs }: LedgerEntry): KnownRow {
  const known: KnownRow = { lastGeneration };
  if (hold !== undefined) known.hold = { reason: hold.reason };
  if (attempt !== undefined) {
    const { sizeBytes, modifiedAtSeconds, generation, failures, claim, error } = attempt;
    known.attempt = { sizeBytes, modifiedAtSeconds, generation, failures };
    if (claim !== undefined) known.attempt.claim = claim;
    if (error !== undefined) known.attempt.error = { name: error.name };
  }
  if (landed !== undefined) {
    const { sizeBytes, modifiedAtSeconds, generation, trigger } = landed;
    known.landed = { sizeBytes, modifiedAtSeconds, generation };
    if (trigger !== undefined) known.landed.trigger = trigger;
  }
  if (goneAtMs !== undefined) known.goneAtMs = goneAtMs;
  return known;
}
