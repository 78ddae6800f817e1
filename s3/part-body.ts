import { type Readable, Transform, type TransformCallback } from 'node:stream';
import { KIB } from '../transfer/text/units.ts';

/**
 * S3 refuses aws-chunked chunks under 8 KiB, except the last, and the SDK makes one chunk of every buffer that it
 * reads: https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming-trailers.html
 * Not more than S3 wants, because merging copies: 64 KiB took 2.6 instead of 1.7 processor seconds a GiB where the
 * source gives 32 KiB at a time.
 */
const MIN_CHUNK_SIZE_BYTES = 8 * KIB;
/** Held at a time, besides what the SDK and the socket hold. */
const BUFFER_BYTES = 64 * KIB;

/**
 * A part's bytes, in buffers of at least `MIN_CHUNK_SIZE_BYTES` (the last may be smaller).
 *
 * It ends only after exactly `sizeBytes` bytes. At any other length it calls `onWrongSize` and gives nothing more until it
 * is destroyed. It never emits an error: the SDK forwards one to a stream that nobody listens to, which ends the
 * process.
 *
 * The SDK's own `requestStreamBufferSize` cannot replace it: it reads its source with no back pressure, so that a
 * source faster than S3 fills the memory, and it waits for ever when the source fails
 * (createBufferedReadable of @smithy/core 3.40).
 */
export class PartBody extends Transform {
  readonly #sizeBytes: number;
  readonly #onWrongSize: (error: RangeError) => void;
  #seenBytes = 0;
  #pending: Buffer[] = [];
  #pendingBytes = 0;

  constructor(sizeBytes: number, onWrongSize: (error: RangeError) => void) {
    super({ highWaterMark: BUFFER_BYTES });
    this.#sizeBytes = sizeBytes;
    this.#onWrongSize = onWrongSize;
  }

  override _transform(bytes: Buffer, _encoding: BufferEncoding, callback: TransformCallback): void {
    this.#seenBytes += bytes.length;
    if (this.#seenBytes > this.#sizeBytes) {
      this.#onWrongSize(wrongSize(this.#seenBytes, this.#sizeBytes));
      return;
    }
    this.#pending.push(bytes);
    this.#pendingBytes += bytes.length;
    if (this.#pendingBytes >= MIN_CHUNK_SIZE_BYTES) this.#pushPending();
    callback();
  }

  override _flush(callback: TransformCallback): void {
    if (this.#seenBytes < this.#sizeBytes) {
      this.#onWrongSize(wrongSize(this.#seenBytes, this.#sizeBytes));
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
}

/** Reads a body that should be empty to its end. @throws RangeError when it is not, or the body's own error */
export async function requireEmptyBody(body: Readable): Promise<void> {
  for await (const bytes of body as AsyncIterable<Buffer>) {
    if (bytes.length > 0) throw wrongSize(bytes.length, 0);
  }
}

const wrongSize = (seenBytes: number, announcedBytes: number): RangeError =>
  new RangeError(`The part's body gave ${seenBytes} bytes where ${announcedBytes} were announced`);
