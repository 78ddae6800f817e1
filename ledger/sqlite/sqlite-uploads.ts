import { type KeptUpload, type KeptUploads, storedUploads } from '../kept-uploads.ts';
import { SqliteRows, type SqliteRowsOptions } from './sqlite-rows.ts';

/** Kept uploads in a file; its owner calls `close`. */
export type UploadFile = KeptUploads & { close(): Promise<void> };

/**
 * Kept uploads in one file, for transfers on this machine.
 * @throws InvalidTransferRequestError when the file cannot be made, or is not one of ours
 */
export async function openSqliteUploads(options: SqliteRowsOptions): Promise<UploadFile> {
  const rows = await SqliteRows.open<KeptUpload>(options);
  return { ...storedUploads(rows), close: () => rows.close() };
}
