import { Transform, type TransformCallback } from 'node:stream';
import { S3Error } from '../s3-error.ts';
import type { BodyPromise } from './body-headers.ts';
import {
  type Checksum,
  type ChecksumAlgorithm,
  checksumHeaderName,
  createHasher,
  requireChecksumValue,
} from './checksums.ts';

/** What a payload turned out to be. */
export interface Measured {
  checksum: Checksum;
  /** Without quotes. */
  etag: string;
}

export interface MeterOptions {
  checksumAlgorithm: ChecksumAlgorithm;
  /**
   * What to make the ETag of: the MD5, as S3 does without encryption, or the checksum and the size, which saves a
   * second pass over the bytes. To clients an ETag is opaque, as it is in a bucket encrypted with KMS.
   */
  etagOf: 'md5' | 'checksum';
}

/** Lets a payload through, counts and hashes it on its way, and refuses more or fewer bytes than promised. */
export class PayloadMeter extends Transform {
  readonly #promise: BodyPromise;
  readonly #options: MeterOptions;
  readonly #checksum;
  readonly #md5;
  readonly #sha256;
  #sizeBytes = 0;

  constructor(promise: BodyPromise, options: MeterOptions) {
    super();
    this.#promise = promise;
    this.#options = options;
    this.#checksum = createHasher(options.checksumAlgorithm);
    const needsMd5 = options.etagOf === 'md5' || promise.contentMd5 !== undefined;
    this.#md5 = needsMd5 ? createHasher('MD5') : undefined;
    this.#sha256 = promise.sha256 === undefined ? undefined : createHasher('SHA256');
  }

  override _transform(bytes: Buffer, _encoding: BufferEncoding, callback: TransformCallback): void {
    this.#sizeBytes += bytes.length;
    if (this.#sizeBytes > this.#promise.sizeBytes) {
      callback(incompleteBody());
      return;
    }
    this.#checksum.update(bytes);
    this.#md5?.update(bytes);
    this.#sha256?.update(bytes);
    callback(null, bytes);
  }

  override _flush(callback: TransformCallback): void {
    callback(this.#sizeBytes === this.#promise.sizeBytes ? null : incompleteBody());
  }

  /**
   * Holds the payload against the headers' and the trailers' digests. Call once, after the end.
   * @throws S3Error BadDigest, XAmzContentSHA256Mismatch, MalformedTrailerError, InvalidRequest
   */
  verify(trailers: ReadonlyMap<string, string> | undefined): Measured {
    const md5 = this.#md5?.digest();
    const { contentMd5, sha256 } = this.#promise;
    if (contentMd5 !== undefined && contentMd5 !== md5?.toString('base64')) {
      throw new S3Error('BadDigest', 'The Content-MD5 you specified did not match what we received.');
    }
    if (sha256 !== undefined && sha256 !== this.#sha256?.digest().toString('hex')) {
      throw new S3Error(
        'XAmzContentSHA256Mismatch',
        "The provided 'x-amz-content-sha256' header does not match what was computed.",
      );
    }
    const digest = this.#checksum.digest();
    const checksum = { algorithm: this.#options.checksumAlgorithm, value: digest.toString('base64') };
    const promised = this.#promisedChecksum(trailers);
    if (promised !== undefined && promised.value !== checksum.value) {
      throw new S3Error(
        'BadDigest',
        `The ${checksum.algorithm} you specified did not match the calculated checksum.`,
      );
    }
    const etag = this.#options.etagOf === 'md5' && md5 !== undefined ? md5 : this.#checksumAndSize(digest);
    return { checksum, etag: etag.toString('hex') };
  }

  #checksumAndSize(digest: Buffer): Buffer {
    const size = Buffer.alloc(8);
    size.writeBigUInt64BE(BigInt(this.#sizeBytes));
    return Buffer.concat([digest, size]);
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
