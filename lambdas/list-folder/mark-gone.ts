import type { KnownRow } from '../../folder/known-row.ts';
import type { ListingSnapshot } from '../../folder/run/listing-snapshot.ts';
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
  rows: ReadonlyMap<string, KnownRow>,
  before: ListingSnapshot,
  now: FolderLook,
): Promise<void> {
  for (const [path, row] of rows) {
    const isListed = now.observations.has(path);
    if (isListed && row.goneAtMs !== undefined && row.attempt === undefined) await ledger.markSeen(path);
    const isGone =
      !isListed && before.isComplete && now.unread.length === 0 && !before.observations.has(path);
    if (isGone && row.goneAtMs === undefined) await ledger.markGone({ path, keepMs: KEEP_GONE_MS });
  }
}
