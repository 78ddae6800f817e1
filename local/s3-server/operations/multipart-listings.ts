import type { Operation } from '../request/call.ts';
import { pageSize, wholeNumber } from '../request/paging.ts';
import { sendXml } from '../responses.ts';

export const listParts: Operation = async ({ bucket, key, query, objects, uploads, response }) => {
  objects.requireBucket(bucket);
  const upload = uploads.require(bucket, key, query.get('uploadId') ?? '');
  const maxParts = pageSize(query, 'max-parts');
  const marker = wholeNumber(query, 'part-number-marker') ?? 0;
  const parts = [...upload.parts.values()]
    .filter(({ partNumber }) => partNumber > marker)
    .sort((a, b) => a.partNumber - b.partNumber);
  const page = parts.slice(0, maxParts);
  const isTruncated = page.length > 0 && parts.length > page.length;
  sendXml(response, 'ListPartsResult', {
    Bucket: bucket,
    Key: key,
    UploadId: upload.uploadId,
    PartNumberMarker: marker,
    // S3 gives a marker with the last page too: clients must go by IsTruncated.
    NextPartNumberMarker: isTruncated ? page.at(-1)?.partNumber : 0,
    MaxParts: maxParts,
    IsTruncated: isTruncated,
    StorageClass: 'STANDARD',
    ChecksumAlgorithm: upload.checksumAlgorithm,
    ChecksumType: upload.checksumAlgorithm && 'FULL_OBJECT',
    Part: page.map((part) => ({
      PartNumber: part.partNumber,
      LastModified: part.lastModified.toISOString(),
      ETag: `"${part.etag}"`,
      Size: part.sizeBytes,
      ChecksumCRC64NVME: upload.checksumAlgorithm && part.checksumCrc64Nvme,
    })),
  });
};

/** With prefix and paging; a delimiter is not implemented. */
export const listMultipartUploads: Operation = async ({ bucket, query, objects, uploads, response }) => {
  objects.requireBucket(bucket);
  const prefix = query.get('prefix') ?? '';
  const maxUploads = pageSize(query, 'max-uploads');
  const encode = query.get('encoding-type') === 'url' ? encodeURIComponent : (text: string) => text;
  const rest = uploads
    .list(bucket)
    .filter(({ key }) => key.startsWith(prefix))
    .filter(afterMarkers(query));
  const page = rest.slice(0, maxUploads);
  const isTruncated = page.length > 0 && rest.length > page.length;
  const last = page.at(-1);
  sendXml(response, 'ListMultipartUploadsResult', {
    Bucket: bucket,
    KeyMarker: encode(query.get('key-marker') ?? ''),
    UploadIdMarker: query.get('upload-id-marker') ?? '',
    NextKeyMarker: isTruncated && last !== undefined ? encode(last.key) : undefined,
    NextUploadIdMarker: isTruncated ? last?.uploadId : undefined,
    Prefix: encode(prefix),
    EncodingType: query.get('encoding-type') ?? undefined,
    MaxUploads: maxUploads,
    IsTruncated: isTruncated,
    Upload: page.map((upload) => ({
      Key: encode(upload.key),
      UploadId: upload.uploadId,
      Initiated: upload.initiated.toISOString(),
      StorageClass: 'STANDARD',
      ChecksumAlgorithm: upload.checksumAlgorithm,
      ChecksumType: upload.checksumAlgorithm && 'FULL_OBJECT',
    })),
  });
};

/** True for uploads that come after the page that the markers end. A key marker alone skips all uploads of that key. */
function afterMarkers(query: URLSearchParams): (upload: { key: string; uploadId: string }) => boolean {
  const keyMarker = Buffer.from(query.get('key-marker') ?? '');
  const uploadIdMarker = query.get('upload-id-marker');
  return ({ key, uploadId }) => {
    const order = Buffer.compare(Buffer.from(key), keyMarker);
    return order > 0 || (order === 0 && uploadIdMarker !== null && uploadId > uploadIdMarker);
  };
}
