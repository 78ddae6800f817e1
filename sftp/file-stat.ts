import type { Stats } from 'ssh2';
import { SftpConnectionError } from '../transfer/errors.ts';
import type { FileStat } from '../transfer/source-file.ts';

/** What ssh2 makes of the attributes in an answer: SFTP lets a server leave any of them out. */
export type ReceivedStats = Pick<Stats, 'isFile' | 'isDirectory'> & Partial<Stats>;

/**
 * A server's attributes as the port shows them. A file of unknown kind is taken for a regular one: opening it will
 * tell. Without a time changes are seen by the size alone.
 * @throws SftpConnectionError when the server does not tell the size
 */
export function toFileStat(url: string, path: string, stats: ReceivedStats): FileStat {
  if (stats.size === undefined) throw new SftpConnectionError(`${url} does not tell the size of ${path}`);
  return {
    kind: stats.mode === undefined || stats.isFile() ? 'file' : stats.isDirectory() ? 'directory' : 'other',
    sizeBytes: stats.size,
    modifiedAtSeconds: stats.mtime ?? 0,
  };
}
