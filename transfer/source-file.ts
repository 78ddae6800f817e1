import type { PlannedTransfer } from './contracts.ts';
import { SourceChangedError, SourceNotAFileError } from './errors.ts';

/** A file on the partner's server as one stat call saw it. */
export interface FileStat {
  kind: 'file' | 'directory' | 'other';
  sizeBytes: number;
  /** Seconds since 1970-01-01 UTC. */
  modifiedAtSeconds: number;
}

/** SFTP's whole seconds as the ISO 8601 text of the contracts. */
export function formatModifiedAt(stat: FileStat): string {
  return new Date(stat.modifiedAtSeconds * 1000).toISOString();
}

/** @throws SourceNotAFileError */
export function assertRegularFile(path: string, stat: FileStat): void {
  if (stat.kind === 'file') return;
  const what = stat.kind === 'directory' ? 'a directory' : 'neither a file nor a directory';
  throw new SourceNotAFileError(`${path} is ${what}; only regular files can be transferred`);
}

/**
 * Compares the source with the plan, by size and modification time.
 * @throws SourceChangedError | SourceNotAFileError
 */
export function assertUnchanged(
  planned: Pick<PlannedTransfer, 'path' | 'size_bytes' | 'modified_at'>,
  stat: FileStat,
): void {
  assertRegularFile(planned.path, stat);
  const modifiedAt = formatModifiedAt(stat);
  if (stat.sizeBytes === planned.size_bytes && modifiedAt === planned.modified_at) return;
  throw new SourceChangedError(
    `${planned.path} changed since the transfer was planned: ` +
      `${planned.size_bytes} bytes of ${planned.modified_at} then, ${stat.sizeBytes} bytes of ${modifiedAt} now`,
  );
}
