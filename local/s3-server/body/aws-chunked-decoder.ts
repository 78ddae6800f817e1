import { Transform, type TransformCallback } from 'node:stream';
import { S3Error } from '../s3-error.ts';

/** S3 refuses smaller chunks, except the last: https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming-trailers.html */
const MIN_CHUNK_SIZE_BYTES = 8_192;
/** Longest chunk header or trailer line taken; a chunk signature needs about a hundred bytes. */
const MAX_LINE_BYTES = 4_096;
const CR = 13;
const LF = 10;

type State = 'chunk-header' | 'chunk-data' | 'chunk-end' | 'trailer' | 'done';

/**
 * Takes the framing off an `aws-chunked` body: `<hex size>[;chunk-signature=…]\r\n<data>\r\n … 0\r\n<trailers>\r\n`.
 * Bytes out are the payload. Trailers are complete once the stream has ended. Chunk signatures are not verified.
 *
 * Fails with S3Error IncompleteBody (the body ends early or is not framed like that), InvalidChunkSizeError or
 * MalformedTrailerError.
 */
export class AwsChunkedDecoder extends Transform {
  /** By lower-case name. */
  readonly trailers = new Map<string, string>();
  #state: State = 'chunk-header';
  #line = '';
  #remainingChunkBytes = 0;
  #previousChunkSizeBytes = MIN_CHUNK_SIZE_BYTES;

  override _transform(bytes: Buffer, _encoding: BufferEncoding, callback: TransformCallback): void {
    try {
      let at = 0;
      while (at < bytes.length) {
        at = this.#state === 'chunk-data' ? this.#takeData(bytes, at) : this.#takeLine(bytes, at);
      }
      callback();
    } catch (error) {
      callback(error as Error);
    }
  }

  override _flush(callback: TransformCallback): void {
    callback(this.#state === 'done' ? null : incompleteBody('the body ends before its last chunk'));
  }

  #takeData(bytes: Buffer, at: number): number {
    const end = Math.min(bytes.length, at + this.#remainingChunkBytes);
    this.push(bytes.subarray(at, end));
    this.#remainingChunkBytes -= end - at;
    if (this.#remainingChunkBytes === 0) this.#state = 'chunk-end';
    return end;
  }

  #takeLine(bytes: Buffer, at: number): number {
    if (this.#state === 'done') throw incompleteBody('bytes follow the trailer');
    const lineFeed = bytes.indexOf(LF, at);
    const end = lineFeed === -1 ? bytes.length : lineFeed;
    this.#line += bytes.toString('latin1', at, end);
    if (this.#line.length > MAX_LINE_BYTES) throw incompleteBody('a chunk header is too long');
    if (lineFeed === -1) return end;
    if (this.#line.charCodeAt(this.#line.length - 1) !== CR)
      throw incompleteBody('a line does not end in CR LF');
    const line = this.#line.slice(0, -1);
    this.#line = '';
    this.#takeWholeLine(line);
    return lineFeed + 1;
  }

  #takeWholeLine(line: string): void {
    if (this.#state === 'chunk-header') this.#startChunk(line);
    else if (this.#state === 'trailer') this.#takeTrailer(line);
    else if (line === '') this.#state = 'chunk-header';
    else throw incompleteBody('a chunk is longer than its header says');
  }

  #startChunk(line: string): void {
    const size = /^([0-9a-f]{1,12})(?:;|$)/i.exec(line)?.[1];
    if (size === undefined) throw incompleteBody('a chunk header holds no size');
    const sizeBytes = Number.parseInt(size, 16);
    if (sizeBytes === 0) {
      this.#state = 'trailer';
      return;
    }
    if (this.#previousChunkSizeBytes < MIN_CHUNK_SIZE_BYTES) {
      throw new S3Error(
        'InvalidChunkSizeError',
        `Only the last chunk is allowed to have a size less than ${MIN_CHUNK_SIZE_BYTES} bytes`,
        { BadChunkSize: this.#previousChunkSizeBytes },
      );
    }
    this.#previousChunkSizeBytes = sizeBytes;
    this.#remainingChunkBytes = sizeBytes;
    this.#state = 'chunk-data';
  }

  #takeTrailer(line: string): void {
    if (line === '') {
      this.#state = 'done';
      return;
    }
    const colon = line.indexOf(':');
    if (colon < 1)
      throw new S3Error(
        'MalformedTrailerError',
        'The request contained trailing data that was not well-formed',
      );
    this.trailers.set(line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim());
  }
}

const incompleteBody = (why: string): S3Error =>
  new S3Error('IncompleteBody', `The request body is not well-formed aws-chunked: ${why}.`);
