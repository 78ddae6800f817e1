import type { LedgerEntry } from '../entry.ts';
import type { FileLedger } from '../ports.ts';
import { StoredLedger } from '../stored-ledger.ts';
import { SqliteRows, type SqliteRowsOptions } from './sqlite-rows.ts';

/**
 * A ledger in one file, for transfers on this machine; its owner calls `close`. One file holds many folders.
 * @throws InvalidTransferRequestError when the file cannot be made, or is not a ledger
 */
export async function openSqliteLedger(options: SqliteRowsOptions): Promise<FileLedger> {
  return new StoredLedger(await SqliteRows.open<LedgerEntry>(options), options.nowMs);
}
