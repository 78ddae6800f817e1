import { type FileIdentity, isSameFile } from '../ledger/entry.ts';
import type { KnownRow } from './known-row.ts';

/**
 * The number of the delivery that a copy of `file` would be. An attempt that did not land goes on under its own number,
 * so that its object is found again under its key.
 */
export function nextGeneration(row: KnownRow | undefined, file: FileIdentity): number {
  if (row === undefined) return 1;
  if (row.attempt !== undefined && isSameFile(row.attempt, file)) return row.attempt.generation;
  if (row.attempt === undefined && row.landed !== undefined && isSameFile(row.landed, file)) {
    return row.landed.generation;
  }
  return row.lastGeneration + 1;
}
