import { createHash, randomFillSync } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

const PIECE_BYTES = 1024 ** 2;

/** Writes a file of random, and so incompressible, bytes. @throws the signal's reason */
export async function writeSampleFile(
  path: string,
  sizeBytes: number,
  signal = AbortSignal.any([]),
): Promise<void> {
  function* pieces(): Generator<Buffer> {
    for (let left = sizeBytes; left > 0; left -= PIECE_BYTES) {
      yield randomFillSync(Buffer.allocUnsafe(Math.min(PIECE_BYTES, left)));
    }
  }
  try {
    await pipeline(Readable.from(pieces()), createWriteStream(path), { signal });
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  }
}

/** Hexadecimal SHA-256 of all bytes of a stream. */
export async function hashStream(stream: AsyncIterable<Uint8Array>): Promise<string> {
  const hash = createHash('sha256');
  for await (const piece of stream) hash.update(piece);
  return hash.digest('hex');
}

/** Hexadecimal SHA-256 of a file's bytes. */
export function hashFile(path: string): Promise<string> {
  return hashStream(createReadStream(path, { highWaterMark: PIECE_BYTES }));
}
