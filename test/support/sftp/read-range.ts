import { Readable } from 'node:stream';
import type { SftpSession } from '../../../sftp/ports.ts';

interface RangeToRead {
  path: string;
  startByte: number;
  endByte: number;
  maxReadBytes: number;
}

/** One range of a file that is opened for it. */
export function readRange(session: SftpSession, range: RangeToRead, signal: AbortSignal): Readable {
  return Readable.from(bytesOf(session, range, signal), { objectMode: false });
}

async function* bytesOf(
  session: SftpSession,
  range: RangeToRead,
  signal: AbortSignal,
): AsyncGenerator<Buffer> {
  const file = await session.open(range.path, { maxReadBytes: range.maxReadBytes }, signal);
  try {
    yield* file.read(range) as AsyncIterable<Buffer>;
  } finally {
    await file.close();
  }
}
