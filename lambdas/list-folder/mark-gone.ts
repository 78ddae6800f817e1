import type { ListingSnapshot } from '../../folder/run/listing-snapshot.ts';
import type { LedgerEntry } from '../../ledger/entry.ts';
import type { FileLedger } from '../../ledger/ports.ts';
import type { FolderLook } from '../shared/look-at-folder.ts';

/** How long a row is kept after its path has left the folder. */
const KEEP_GONE_MS = 365 * 24 * 3_600_000;

/**
 * Notes which paths of the ledger are gone: missing from two complete listings in a row. A listing with a folder that
 * could not be read shows nothing about what is missing.
 */
export async function markGone(
  ledger: FileLedger,
  rows: ReadonlyMap<string, LedgerEntry>,
  before: ListingSnapshot,
  now: FolderLook,
): Promise<void> {
  for (const row of rows.values()) {
    const isListed = now.observations.has(row.path);
    if (isListed && row.goneAtMs !== undefined && row.attempt === undefined) await ledger.markSeen(row.path);
    const isGone =
      !isListed && before.isComplete && now.unread.length === 0 && !before.observations.has(row.path);
    if (isGone && row.goneAtMs === undefined) await ledger.markGone({ path: row.path, keepMs: KEEP_GONE_MS });
  }
}
