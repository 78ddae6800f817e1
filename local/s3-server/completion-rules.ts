import { S3_MIN_PART_SIZE_BYTES } from '../../transfer/limits.ts';
import type { Part, Upload } from './multipart-uploads.ts';
import type { NamedPart } from './request/complete-request.ts';
import { S3Error } from './s3-error.ts';

/**
 * The parts that become the object, once the client's list holds against what arrived.
 * @throws S3Error InvalidPartOrder, InvalidPart or EntityTooSmall
 */
export function requireCompletableParts(upload: Upload, named: readonly NamedPart[]): Part[] {
  let previousPartNumber = 0;
  for (const { partNumber } of named) {
    if (partNumber <= previousPartNumber) {
      throw new S3Error(
        'InvalidPartOrder',
        'The list of parts was not in ascending order. Parts must be ordered by part number.',
        {
          UploadId: upload.uploadId,
        },
      );
    }
    previousPartNumber = partNumber;
  }
  const parts = named.map((part) => requirePart(upload, part));
  for (const part of parts.slice(0, -1)) {
    if (part.sizeBytes >= S3_MIN_PART_SIZE_BYTES) continue;
    throw new S3Error('EntityTooSmall', 'Your proposed upload is smaller than the minimum allowed size', {
      ProposedSize: part.sizeBytes,
      MinSizeAllowed: S3_MIN_PART_SIZE_BYTES,
      PartNumber: part.partNumber,
      ETag: part.etag,
    });
  }
  return parts;
}

function requirePart(upload: Upload, named: NamedPart): Part {
  const part = upload.parts.get(named.partNumber);
  const matches =
    part !== undefined &&
    part.etag === named.etag &&
    (named.checksumCrc64Nvme === undefined || named.checksumCrc64Nvme === part.checksumCrc64Nvme);
  if (matches) return part;
  throw new S3Error(
    'InvalidPart',
    "One or more of the specified parts could not be found.  The part may not have been uploaded, or the specified entity tag may not match the part's entity tag.",
    { UploadId: upload.uploadId, PartNumber: named.partNumber, ETag: named.etag },
  );
}

/**
 * Holds `x-amz-mp-object-size`, where sent, against the sum of the parts.
 * @throws S3Error InvalidRequest
 */
export function requireObjectSize(promised: string | undefined, sizeBytes: number): void {
  if (promised === undefined || promised === String(sizeBytes)) return;
  throw new S3Error(
    'InvalidRequest',
    `The provided 'x-amz-mp-object-size' header value ${promised} does not match what was computed: ${sizeBytes}`,
  );
}
