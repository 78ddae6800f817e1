import type { Readable } from 'node:stream';
import type { ByteRange, ReadStats } from '../ports.ts';
import type { LentConnection } from './channel-pool.ts';
import { OpenFile, type OpenFileOptions } from './open-file.ts';

export interface RangeReadOptions extends OpenFileOptions {
  /** Called once, when the stream has ended, failed or was destroyed. */
  onSettled?: (stats: ReadStats) => void;
}

/**
 * Opens a file, streams exactly the bytes of one `range`, in order and with back pressure, and closes it again.
 * The stream fails as the streams of an OpenSftpFile do. `close` follows when every file, and every channel of its
 * own, is closed; after a failure those requests are sent but not waited for.
 */
export function createRangeReadStream(
  connection: LentConnection,
  range: ByteRange,
  options: RangeReadOptions,
  signal: AbortSignal,
): Readable {
  const file = OpenFile.begin(connection, range.path, options, signal);
  return file.read(range, async () => {
    const stats = await file.close();
    options.onSettled?.(stats);
  });
}
