import { createHash } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { combineCrc64Nvme } from '../../../s3/crc64-nvme/combine.ts';
import { parseChecksumHeaders } from '../body/body-headers.ts';
import { type Checksum, createHasher } from '../body/checksums.ts';
import { requireCompletableParts, requireObjectSize } from '../completion-rules.ts';
import { concatenateFiles } from '../concatenate.ts';
import type { Part, Upload } from '../multipart-uploads.ts';
import type { ObjectRecord } from '../object-files.ts';
import { type Call, incomingPath, type Operation } from '../request/call.ts';
import { readCompleteRequest } from '../request/complete-request.ts';
import { onlyIfAbsent } from '../request/conditions.ts';
import { preconditionFailed, S3Error } from '../s3-error.ts';
import { answerSlowly } from '../slow-answer.ts';

export const completeMultipartUpload: Operation = async (call) => {
  const { bucket, key, query, objects, uploads, request } = call;
  objects.requireBucket(bucket);
  const uploadId = query.get('uploadId') ?? '';
  const mustBeAbsent = onlyIfAbsent(request.headers);
  const promised = requireObjectChecksum(call);
  call.acceptBody();
  const named = await readCompleteRequest(request);
  // From here to `close` nothing waits, so nobody else can complete, abort or change the upload in between.
  const upload = uploads.require(bucket, key, uploadId);
  const parts = requireCompletableParts(upload, named);
  const sizeBytes = parts.reduce((sum, part) => sum + part.sizeBytes, 0);
  requireObjectSize(request.headers['x-amz-mp-object-size'] as string | undefined, sizeBytes);
  uploads.close(upload);
  await answerSlowly(call, 'CompleteMultipartUploadResult', async () => {
    let record: ObjectRecord;
    try {
      record = await makeObject(call, upload, parts, sizeBytes, promised, mustBeAbsent);
    } catch (error) {
      uploads.reopen(upload);
      throw error;
    }
    await uploads.removeFiles(upload);
    return {
      Location: `http://${request.headers.host}/${bucket}/${encodeURIComponent(key)}`,
      Bucket: bucket,
      Key: key,
      ETag: `"${record.etag}"`,
      ChecksumCRC64NVME: record.checksum.value,
      ChecksumType: 'FULL_OBJECT',
    };
  });
};

/**
 * Puts the parts together. Unless told otherwise it hashes every byte on the way: the object's checksum is then
 * computed from the object, not from its parts' checksums.
 */
async function makeObject(
  call: Call,
  upload: Upload,
  parts: readonly Part[],
  sizeBytes: number,
  promised: Checksum | undefined,
  mustBeAbsent: boolean,
): Promise<ObjectRecord> {
  const { bucket, key, checksumFrom, objects, closing } = call;
  if (mustBeAbsent && (await objects.find(bucket, key)) !== undefined) throw preconditionFailed();
  const path = incomingPath(call);
  const hasher = checksumFrom === 'bytes' ? createHasher('CRC64NVME') : undefined;
  await concatenateFiles(
    parts.map((part) => part.path),
    path,
    hasher,
    closing,
  );
  const value = hasher?.digest().toString('base64') ?? combineCrc64Nvme(parts.map(checksumAndSize));
  const checksum: Checksum = { algorithm: 'CRC64NVME', value };
  const record: ObjectRecord = {
    key,
    sizeBytes,
    etag: multipartEtag(parts),
    checksum,
    lastModified: new Date().toISOString(),
    headers: upload.headers,
  };
  try {
    if (promised !== undefined && promised.value !== checksum.value) {
      throw new S3Error('BadDigest', 'The CRC64NVME you specified did not match the calculated checksum.');
    }
    await objects.put(bucket, record, path, mustBeAbsent);
  } catch (error) {
    await rm(path, { force: true });
    throw error;
  }
  return record;
}

function requireObjectChecksum({ request }: Call): Checksum | undefined {
  const { checksum } = parseChecksumHeaders(request.headers);
  const type = request.headers['x-amz-checksum-type'];
  if (
    (checksum === undefined || checksum.algorithm === 'CRC64NVME') &&
    (type ?? 'FULL_OBJECT') === 'FULL_OBJECT'
  ) {
    return checksum;
  }
  throw new S3Error(
    'InvalidRequest',
    'The checksum type or algorithm does not match that of the multipart upload.',
  );
}

const checksumAndSize = ({ checksumCrc64Nvme, sizeBytes }: Part) => ({
  checksum: checksumCrc64Nvme,
  sizeBytes,
});

/** The form that S3 gives it: the MD5 of the parts' ETags, and their number. */
function multipartEtag(parts: readonly Part[]): string {
  const md5 = createHash('md5');
  for (const part of parts) md5.update(part.etag, 'hex');
  return `${md5.digest('hex')}-${parts.length}`;
}
