import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { Crc64NvmeHasher } from '../../../s3/crc64-nvme/hasher.ts';
import { S3Error } from '../s3-error.ts';

/** Object checksums of S3 that this server computes. CRC32C, SHA-512 and XXHASH are answered with NotImplemented. */
const DIGEST_BYTES = { CRC64NVME: 8, CRC32: 4, SHA1: 20, SHA256: 32 } as const;
export type ChecksumAlgorithm = keyof typeof DIGEST_BYTES;

/** A checksum with its value in base64, as in `x-amz-checksum-*`. */
export interface Checksum {
  algorithm: ChecksumAlgorithm;
  value: string;
}

export interface Hasher {
  update(bytes: Uint8Array): void;
  /** Call once, last. */
  digest(): Buffer;
}

/** @throws S3Error NotImplemented when S3 has more algorithms than this server. */
export function checksumAlgorithmByName(name: string): ChecksumAlgorithm {
  const algorithm = name.toUpperCase();
  if (algorithm in DIGEST_BYTES) return algorithm as ChecksumAlgorithm;
  throw new S3Error('NotImplemented', `This server computes no ${name} checksum.`);
}

export const checksumHeaderName = (algorithm: ChecksumAlgorithm): string =>
  `x-amz-checksum-${algorithm.toLowerCase()}`;

export function createHasher(algorithm: ChecksumAlgorithm | 'MD5'): Hasher {
  if (algorithm === 'CRC64NVME') return new Crc64NvmeHasher();
  if (algorithm === 'CRC32') return new Crc32Hasher();
  return createHash(algorithm.toLowerCase());
}

/** @throws S3Error InvalidRequest unless `value` is base64 of a digest of the algorithm's length. */
export function requireChecksumValue(algorithm: ChecksumAlgorithm, value: string): Checksum {
  const bytes = Buffer.from(value, 'base64');
  if (bytes.length !== DIGEST_BYTES[algorithm] || bytes.toString('base64') !== value) {
    throw new S3Error('InvalidRequest', `Value for ${checksumHeaderName(algorithm)} header is invalid.`);
  }
  return { algorithm, value };
}

class Crc32Hasher implements Hasher {
  #crc = 0;

  update(bytes: Uint8Array): void {
    this.#crc = crc32(bytes, this.#crc);
  }

  digest(): Buffer {
    const digest = Buffer.alloc(4);
    digest.writeUInt32BE(this.#crc);
    return digest;
  }
}
