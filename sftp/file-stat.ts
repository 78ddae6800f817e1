import { constants } from 'node:fs';
import type { Stats } from 'ssh2';
import { SftpRequestRefusedError } from '../transfer/errors.ts';
import type { FileStat } from '../transfer/source-file.ts';

/** What ssh2 makes of the attributes in an answer: SFTP lets a server leave any of them out. */
export type ReceivedStats = Partial<Pick<Stats, 'mode' | 'size' | 'mtime'>>;

/**
 * A server's attributes as the port shows them. Without a time, changes are seen by the size alone.
 * @throws SftpRequestRefusedError when the server does not report the size, or reports one that no file has
 */
export function toFileStat(url: string, path: string, stats: ReceivedStats): FileStat {
  const { mode, size, mtime } = stats;
  if (size === undefined) throw new SftpRequestRefusedError(`${url} does not report the size of ${path}`);
  // Servers that do not know a size have been seen to send 2^63 or 2^64 - 1.
  if (size > Number.MAX_SAFE_INTEGER) {
    throw new SftpRequestRefusedError(
      `${url} reports ${BigInt(size)} bytes as the size of ${path}, which no file has`,
    );
  }
  return { kind: kindOf(mode ?? 0), sizeBytes: size, modifiedAtSeconds: mtime ?? 0 };
}

/** Servers that do not run on Unix send permissions without the bits that say what it is. */
function kindOf(mode: number): FileStat['kind'] {
  switch (mode & constants.S_IFMT) {
    case constants.S_IFREG:
      return 'file';
    case constants.S_IFDIR:
      return 'directory';
    case 0:
      return 'unknown';
    default:
      return 'other';
  }
}
