import { type LedgerEntry, stateOf } from '../../ledger/entry.ts';
import { formatTime } from '../format/numbers.ts';
import { formatSize } from '../format/sizes.ts';

const ABSENT = '–';

export const LEDGER_TITLES = ['STATE', 'LANDED', 'SIZE', 'GENERATION', 'ERROR', 'PATH'] as const;

/** Cells of one line of the table; `LEDGER_TITLES` are their titles. */
export function entryCells(entry: LedgerEntry): string[] {
  const { path, landed, attempt, lastGeneration } = entry;
  const size = (attempt ?? landed)?.sizeBytes;
  return [
    stateOf(entry),
    landed === undefined ? ABSENT : formatTime(landed.landedAtMs),
    size === undefined ? ABSENT : formatSize(size),
    String(lastGeneration),
    errorOf(entry)?.name ?? ABSENT,
    // A name may hold anything, a newline included.
    JSON.stringify(path),
  ];
}

export function entryAsJson(entry: LedgerEntry): Record<string, unknown> {
  const { path, landed, attempt, hold, lastGeneration } = entry;
  return {
    path,
    state: stateOf(entry),
    generation: lastGeneration,
    size_bytes: (attempt ?? landed)?.sizeBytes ?? null,
    landed_at: landed === undefined ? null : new Date(landed.landedAtMs).toISOString(),
    bucket: landed?.object.bucket ?? null,
    key: landed?.object.key ?? null,
    failures: attempt?.failures ?? 0,
    error: errorOf(entry) ?? null,
    held_because: hold?.reason ?? null,
  };
}

/** Of the try that failed, else of moving or removing the source. */
function errorOf({ attempt, landed }: LedgerEntry): { name: string; message: string } | undefined {
  return attempt?.error ?? landed?.after.error;
}
