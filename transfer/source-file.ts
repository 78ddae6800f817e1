import type { PlannedTransfer } from './contracts.ts';
import { SourceChangedError, SourceNotAFileError } from './errors.ts';
import { counted } from './text/counted.ts';

/** A file on the partner's server as one stat call saw it. */
export interface FileStat {
  /** `unknown` where the server does not say: what opens and reads is then a file. */
  kind: 'file' | 'directory' | 'other' | 'unknown';
  sizeBytes: number;
  /** Seconds since 1970-01-01 UTC. */
  modifiedAtSeconds: number;
}

/** How a session reads a file's attributes; see SftpSession. */
export interface FileLooks {
  realpath(path: string, signal: AbortSignal): Promise<string>;
  stat(path: string, signal: AbortSignal): Promise<FileStat>;
  hasByteAt(path: string, position: number, signal: AbortSignal): Promise<boolean>;
}

/** SFTP's whole seconds as the ISO 8601 text of the contracts. */
export function formatModifiedAt(stat: FileStat): string {
  return new Date(stat.modifiedAtSeconds * 1000).toISOString();
}

/** A thing of unknown kind may be a file: to open it shows whether it is. @throws SourceNotAFileError */
export function assertRegularFile(path: string, stat: FileStat): void {
  if (stat.kind === 'file' || stat.kind === 'unknown') return;
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
      `${counted(planned.size_bytes, 'byte')} of ${planned.modified_at} then, ${counted(stat.sizeBytes, 'byte')} of ${modifiedAt} now`,
  );
}

/**
 * Checks the source for the last time: it has not changed, and it ends where the plan ends. What STAT says of the
 * size is not enough; servers understate it, and a file may grow while its time and size are kept in a cache. STAT and
 * OPEN go out together, so that this takes one round trip more than STAT alone.
 * @throws SourceChangedError | SourceNotAFileError, and the errors of the session
 */
export async function proveUnchanged(
  planned: Pick<PlannedTransfer, 'path' | 'size_bytes' | 'modified_at'>,
  session: Pick<FileLooks, 'stat' | 'hasByteAt'>,
  signal: AbortSignal,
): Promise<void> {
  const endProved = proveEnd(planned.path, planned.size_bytes, session, signal);
  // What STAT shows says more, so it is thrown first.
  endProved.catch(() => {});
  assertUnchanged(planned, await session.stat(planned.path, signal));
  await endProved;
}

/** @throws SourceChangedError when the file has a byte at `sizeBytes`, and the errors of the session */
export async function proveEnd(
  path: string,
  sizeBytes: number,
  session: Pick<FileLooks, 'hasByteAt'>,
  signal: AbortSignal,
): Promise<void> {
  if (!(await session.hasByteAt(path, sizeBytes, signal))) return;
  throw new SourceChangedError(
    `${path} goes on after byte ${sizeBytes}, which the server reports as its size: ` +
      'it is still being written, or the server reports sizes that are too small',
  );
}
