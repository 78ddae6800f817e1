import { createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { type Readable, Transform, type TransformCallback } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { AwsChunkedDecoder } from './aws-chunked-decoder.ts';
import type { BodyPromise } from './body-headers.ts';
import {
  type Checksum,
  type ChecksumAlgorithm,
  checksumHeaderName,
  createHasher,
  requireChecksumValue,
} from './checksums.ts';
import { S3Error } from './s3-error.ts';

/** A payload that lies whole and verified in a temporary file. */
export interface ReceivedBody {
  path: string;
  sizeBytes: number;
  /** Hex. */
  md5: string;
  /** Computed here, of the algorithm asked for. */
  checksum: Checksum;
}

/** Large enough that a 64 KiB socket read does not become a file write each. */
const WRITE_BUFFER_BYTES = 1024 ** 2;

/**
 * Streams a request's payload into the new file `path` and holds it against what its headers and trailer promise.
 * Leaves no file behind on failure.
 * @throws S3Error IncompleteBody, BadDigest, XAmzContentSHA256Mismatch, MalformedTrailerError, InvalidRequest
 */
export async function receiveBody(
  source: Readable,
  promise: BodyPromise,
  path: string,
  checksumAlgorithm: ChecksumAlgorithm,
  signal: AbortSignal,
): Promise<ReceivedBody> {
  const decoder = promise.isAwsChunked ? new AwsChunkedDecoder() : undefined;
  const meter = new PayloadMeter(promise, checksumAlgorithm);
  const file = createWriteStream(path, { flags: 'wx', highWaterMark: WRITE_BUFFER_BYTES });
  try {
    // The iterator keeps the pipeline from destroying the request: its connection must still carry the answer.
    const bytes = source.iterator({ destroyOnReturn: false });
    if (decoder === undefined) await pipeline(bytes, meter, file, { signal });
    else await pipeline(bytes, decoder, meter, file, { signal });
    return { path, sizeBytes: promise.sizeBytes, ...meter.verify(decoder?.trailers) };
  } catch (error) {
    await rm(path, { force: true });
    throw error;
  }
}

/** Counts and hashes the payload on its way, and refuses more or fewer bytes than promised. */
class PayloadMeter extends Transform {
  readonly #promise: BodyPromise;
  readonly #algorithm: ChecksumAlgorithm;
  readonly #checksum;
  readonly #md5 = createHasher('MD5');
  readonly #sha256;
  #sizeBytes = 0;

  constructor(promise: BodyPromise, algorithm: ChecksumAlgorithm) {
    super();
    this.#promise = promise;
    this.#algorithm = algorithm;
    this.#checksum = createHasher(algorithm);
    this.#sha256 = promise.sha256 === undefined ? undefined : createHasher('SHA256');
  }

  override _transform(bytes: Buffer, _encoding: BufferEncoding, callback: TransformCallback): void {
    this.#sizeBytes += bytes.length;
    if (this.#sizeBytes > this.#promise.sizeBytes) {
      callback(incompleteBody());
      return;
    }
    this.#checksum.update(bytes);
    this.#md5.update(bytes);
    this.#sha256?.update(bytes);
    callback(null, bytes);
  }

  override _flush(callback: TransformCallback): void {
    callback(this.#sizeBytes === this.#promise.sizeBytes ? null : incompleteBody());
  }

  /** Call once, after the end. */
  verify(trailers: ReadonlyMap<string, string> | undefined): Pick<ReceivedBody, 'md5' | 'checksum'> {
    const md5 = this.#md5.digest();
    if (this.#promise.contentMd5 !== undefined && this.#promise.contentMd5 !== md5.toString('base64')) {
      throw new S3Error('BadDigest', 'The Content-MD5 you specified did not match what we received.');
    }
    if (this.#sha256 !== undefined && this.#promise.sha256 !== this.#sha256.digest().toString('hex')) {
      throw new S3Error(
        'XAmzContentSHA256Mismatch',
        "The provided 'x-amz-content-sha256' header does not match what was computed.",
      );
    }
    const checksum = { algorithm: this.#algorithm, value: this.#checksum.digest().toString('base64') };
    const promised = this.#promisedChecksum(trailers);
    if (promised !== undefined && promised.value !== checksum.value) {
      throw new S3Error(
        'BadDigest',
        `The ${checksum.algorithm} you specified did not match the calculated checksum.`,
      );
    }
    return { md5: md5.toString('hex'), checksum };
  }

  #promisedChecksum(trailers: ReadonlyMap<string, string> | undefined): Checksum | undefined {
    const { checksum, checksumAlgorithm } = this.#promise;
    if (checksum !== undefined || checksumAlgorithm === undefined) return checksum;
    const value = trailers?.get(checksumHeaderName(checksumAlgorithm));
    if (value === undefined) {
      throw new S3Error(
        'MalformedTrailerError',
        'The request contained trailing data that was not well-formed or did not conform to our published schema.',
      );
    }
    return requireChecksumValue(checksumAlgorithm, value);
  }
}

const incompleteBody = (): S3Error =>
  new S3Error(
    'IncompleteBody',
    'You did not provide the number of bytes specified by the Content-Length HTTP header',
  );
