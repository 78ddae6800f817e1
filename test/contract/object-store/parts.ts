import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { combineCrc64Nvme } from '../../../s3/crc64-nvme/combine.ts';
import { Crc64NvmeHasher } from '../../../s3/crc64-nvme/hasher.ts';
import type { UploadedPart } from '../../../s3/ports.ts';

/** S3's least size of a part before the last. */
export const PART_SIZE_BYTES = 5 * 1024 ** 2;

/** The bytes as a stream of buffers of these sizes, over and over. */
export function inPieces(bytes: Buffer, sizes: readonly number[] = [32_768]): Readable {
  function* pieces() {
    let start = 0;
    for (let turn = 0; start < bytes.length; turn += 1) {
      const end = start + (sizes[turn % sizes.length] as number);
      yield bytes.subarray(start, end);
      start = end;
    }
  }
  return Readable.from(pieces(), { objectMode: false });
}

/** A part as no store has it. */
export const part = (partNumber: number, sizeBytes: number): UploadedPart => ({
  partNumber,
  sizeBytes,
  etag: '"00000000000000000000000000000000"',
});

/** The checksum of the whole, from those of its parts; none when a part has none. */
export function objectChecksum(parts: readonly UploadedPart[]): { checksumCrc64Nvme?: string } {
  const known = parts.flatMap(({ checksumCrc64Nvme, sizeBytes }) =>
    checksumCrc64Nvme === undefined ? [] : [{ checksum: checksumCrc64Nvme, sizeBytes }],
  );
  return known.length === parts.length ? { checksumCrc64Nvme: combineCrc64Nvme(known) } : {};
}

export const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

/** Base64 of the big-endian CRC64NVME. */
export function crc64Nvme(bytes: Buffer): string {
  const hasher = new Crc64NvmeHasher();
  hasher.update(bytes);
  return hasher.digest().toString('base64');
}
