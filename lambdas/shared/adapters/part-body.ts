import { type Readable, Transform, type TransformCallback } from 'node:stream';

/**
 * S3 refuses aws-chunked chunks under 8 KiB, except the last, and the SDK makes one chunk of every buffer that it
 * reads. Larger ones cost less framing.
 */
export const MIN_CHUNK_SIZE_BYTES = 64 * 1024;

/**
 * A part's bytes, in buffers of at least `MIN_CHUNK_SIZE_BYTES` (the last may be smaller), exactly `sizeBytes` of them.
 *
 * The SDK's own `requestStreamBufferSize` does the first half only: it reads its source with no back pressure, so a
 * source faster than S3 fills the memory, and it waits for ever when the source fails
 * (createBufferedReadable of @smithy/core 3).
 */
export class PartBody extends Transform {
  readonly #sizeBytes: number;
  #seenBytes = 0;
  #pending: Buffer[] = [];
  #pendingBytes = 0;

  constructor(sizeBytes: number) {
    super({ highWaterMark: MIN_CHUNK_SIZE_BYTES });
    this.#sizeBytes = sizeBytes;
  }

  override _transform(bytes: Buffer, _encoding: BufferEncoding, callback: TransformCallback): void {
    this.#seenBytes += bytes.length;
    if (this.#seenBytes > this.#sizeBytes) {
      callback(this.#wrongSize());
      return;
    }
    this.#pending.push(bytes);
    this.#pendingBytes += bytes.length;
    if (this.#pendingBytes >= MIN_CHUNK_SIZE_BYTES) this.#pushPending();
    callback();
  }

  override _flush(callback: TransformCallback): void {
    if (this.#seenBytes < this.#sizeBytes) {
      callback(this.#wrongSize());
      return;
    }
    this.#pushPending();
    callback();
  }

  #pushPending(): void {
    const [first] = this.#pending;
    if (first === undefined) return;
    this.push(this.#pending.length === 1 ? first : Buffer.concat(this.#pending, this.#pendingBytes));
    this.#pending = [];
    this.#pendingBytes = 0;
  }

  #wrongSize(): Error {
    return new RangeError(
      `The part's body gave ${this.#seenBytes} bytes where ${this.#sizeBytes} were announced`,
    );
  }
}

/** Reads a body that should be empty to its end. @throws RangeError when it is not, or the body's own error */
export async function requireEmptyBody(body: Readable): Promise<void> {
  for await (const bytes of body as AsyncIterable<Buffer>) {
    if (bytes.length > 0) throw new RangeError(`The part's body gave bytes where none were announced`);
  }
}
