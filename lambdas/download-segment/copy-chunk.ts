import { Readable } from 'node:stream';
import type { MultipartUpload, ObjectStore } from '../../s3/ports.ts';
import type { Clock } from '../../transfer/clock.ts';
import type { Chunk } from '../../transfer/contracts.ts';
import { UploadFailedError } from '../../transfer/errors.ts';
import type { ChunkReading } from './segment-reader.ts';

/**
 * S3 ends a request whose body makes no progress, after 20 s or more. When the source has been silent for so long, a failed
 * upload is its doing, and not S3's.
 */
const SOURCE_SILENCE_MS = 5_000;

/** How long one chunk took. Milliseconds. */
export interface ChunkTimes {
  /** When its first byte was asked for, as the clock counts. */
  startedAtMs: number;
  /** When S3 confirmed the part. */
  endedAtMs: number;
  /** Spent waiting for the partner's server. */
  sftpMs: number;
  /** Spent waiting for S3: to take bytes, and to answer. */
  s3Ms: number;
}

export interface CopyPorts {
  store: Pick<ObjectStore, 'uploadPart'>;
  clock: Clock;
}

/** The source was silent until S3 gave the part up; it has come back, and the part must be read again. */
export class SourceWasSilent extends Error {
  override readonly name = 'SourceWasSilent';
}

/** One chunk on its way from the source into the S3 part of the same number. */
export interface ChunkCopy {
  /** Resolves when the next chunk can be read: all bytes are handed over, or the copy has failed. Never rejects. */
  taken: Promise<void>;
  /**
   * Resolves when S3 has confirmed the part.
   * @throws UploadFailedError (S3 failed) | SourceWasSilent | UploadGoneError, the errors of ChunkReading, or the
   *   signal's reason
   */
  landed: Promise<ChunkTimes>;
}

/**
 * Streams one chunk into S3. The request to S3 begins with the chunk's first bytes: while the source connects, S3 is
 * not kept waiting.
 * @param onProgress called after every piece with how many of the chunk's bytes have been read
 */
export function copyChunk(
  chunk: Chunk,
  reading: ChunkReading,
  upload: MultipartUpload,
  { clock, store }: CopyPorts,
  signal: AbortSignal,
  onProgress: (bytesRead: number) => void = () => {},
): ChunkCopy {
  const sizeBytes = chunk.end_byte - chunk.start_byte;
  const startedAtMs = clock.nowMs();
  const taken = Promise.withResolvers<void>();
  let bytesRead = 0;
  let sftpMs = 0;
  let s3Ms = 0;
  /** Since when the present wait goes on: for the source while `pending` is there, else for S3. */
  let waitingSinceMs = startedAtMs;
  let pending: Promise<Buffer | undefined> | undefined;

  async function nextBytes(): Promise<Buffer | undefined> {
    pending = reading.next();
    try {
      const bytes = await pending;
      bytesRead += bytes?.length ?? 0;
      if (bytes !== undefined) onProgress(bytesRead);
      if (bytesRead === sizeBytes) taken.resolve();
      return bytes;
    } finally {
      pending = undefined;
      sftpMs += elapsedMs();
    }
  }

  function elapsedMs(): number {
    const nowMs = clock.nowMs();
    const elapsed = nowMs - waitingSinceMs;
    waitingSinceMs = nowMs;
    return elapsed;
  }

  async function* body(first: Buffer | undefined): AsyncGenerator<Buffer, void, undefined> {
    for (let bytes = first; bytes !== undefined; bytes = await nextBytes()) {
      yield bytes;
      s3Ms += elapsedMs();
    }
  }

  /** @throws what the source failed with */
  async function blameSource(error: unknown): Promise<unknown> {
    const waitedFor = pending;
    if (!(error instanceof UploadFailedError) || waitedFor === undefined) return error;
    if (clock.nowMs() - waitingSinceMs < SOURCE_SILENCE_MS) return error;
    await waitedFor;
    return new SourceWasSilent(`part ${chunk.chunk_number} had to wait for the source`, { cause: error });
  }

  async function copy(): Promise<ChunkTimes> {
    let stream: Readable | undefined;
    try {
      stream = Readable.from(body(await nextBytes()), { objectMode: false });
      await store.uploadPart(upload, { partNumber: chunk.chunk_number, sizeBytes, body: stream }, signal);
      s3Ms += elapsedMs();
      return { startedAtMs, endedAtMs: clock.nowMs(), sftpMs, s3Ms };
    } catch (error) {
      throw await blameSource(error);
    } finally {
      reading.stop();
      if (stream !== undefined) await closed(stream);
      taken.resolve();
    }
  }

  return { taken: taken.promise, landed: copy() };
}

/** Destroys the stream and waits until its generator is over. */
async function closed(stream: Readable): Promise<void> {
  if (stream.closed) return;
  await new Promise<void>((resolve) => {
    stream.on('error', () => {}).once('close', resolve);
    stream.destroy();
  });
}
