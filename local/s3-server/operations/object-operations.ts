import { rm } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { S3_MAX_PART_SIZE_BYTES } from '../../../transfer/limits.ts';
import { parseBodyHeaders } from '../body/body-headers.ts';
import { receiveBody } from '../body/body-receiver.ts';
import { checksumHeaderName } from '../body/checksums.ts';
import type { ObjectRecord } from '../object-files.ts';
import { objectHeaders } from '../object-headers.ts';
import { type ByteRange, parseRange } from '../request/byte-range.ts';
import { type Call, incomingPath, type Operation } from '../request/call.ts';
import { onlyIfAbsent } from '../request/conditions.ts';
import { sendEmpty } from '../responses.ts';
import { noSuchKey, preconditionFailed, S3Error } from '../s3-error.ts';

/** S3 gives an object without a declared checksum a CRC64NVME of its own. */
const DEFAULT_CHECKSUM_ALGORITHM = 'CRC64NVME';
const READ_BUFFER_BYTES = 1024 ** 2;

export const putObject: Operation = async (call) => {
  const { bucket, key, objects, request, response, closing } = call;
  objects.requireBucket(bucket);
  const mustBeAbsent = onlyIfAbsent(request.headers);
  if (mustBeAbsent && (await objects.find(bucket, key)) !== undefined) throw preconditionFailed();
  const headers = objectHeaders(request.headers);
  const promise = parseBodyHeaders(request.headers);
  if (promise.sizeBytes > S3_MAX_PART_SIZE_BYTES) {
    throw new S3Error('EntityTooLarge', 'Your proposed upload exceeds the maximum allowed size', {
      ProposedSize: promise.sizeBytes,
      MaxSizeAllowed: S3_MAX_PART_SIZE_BYTES,
    });
  }
  call.acceptBody();
  const algorithm = promise.checksumAlgorithm ?? DEFAULT_CHECKSUM_ALGORITHM;
  const body = await receiveBody(
    request,
    promise,
    incomingPath(call),
    { checksumAlgorithm: algorithm, etagOf: 'md5' },
    closing,
  );
  const record: ObjectRecord = {
    key,
    sizeBytes: body.sizeBytes,
    etag: body.etag,
    checksum: body.checksum,
    lastModified: new Date().toISOString(),
    headers,
  };
  try {
    await objects.put(bucket, record, body.path, mustBeAbsent);
  } catch (error) {
    await rm(body.path, { force: true });
    throw error;
  }
  response.setHeader('etag', `"${record.etag}"`);
  response.setHeader(checksumHeaderName(algorithm), body.checksum.value);
  response.setHeader('x-amz-checksum-type', 'FULL_OBJECT');
  sendEmpty(response, 200);
};

export const headObject: Operation = async (call) => {
  const { bucket, key, objects, request, response } = call;
  objects.requireBucket(bucket);
  const record = await objects.find(bucket, key);
  if (record === undefined) throw noSuchKey(key);
  const range = parseRange(request.headers.range, record.sizeBytes);
  writeObjectHead(call, record, range);
  response.end();
};

export const getObject: Operation = async (call) => {
  const { bucket, key, objects, request, response, closing } = call;
  objects.requireBucket(bucket);
  const opened = await objects.open(bucket, key);
  if (opened === undefined) throw noSuchKey(key);
  const { record, data } = opened;
  try {
    const range = parseRange(request.headers.range, record.sizeBytes);
    writeObjectHead(call, record, range);
    const { startByte, endByte } = range ?? { startByte: 0, endByte: record.sizeBytes };
    if (endByte === startByte) {
      response.end();
      return;
    }
    // A read stream's own `end` is inclusive.
    const bytes = data.createReadStream({
      start: startByte,
      end: endByte - 1,
      highWaterMark: READ_BUFFER_BYTES,
      autoClose: false,
    });
    await pipeline(bytes, response, { signal: closing });
  } finally {
    await data.close();
  }
};

export const deleteObject: Operation = async ({ bucket, key, objects, response }) => {
  objects.requireBucket(bucket);
  await objects.delete(bucket, key);
  sendEmpty(response, 204);
};

/** Status and headers of a GET or HEAD, for the whole object or for a range. */
function writeObjectHead(
  { request, response }: Call,
  record: ObjectRecord,
  range: ByteRange | undefined,
): void {
  const { startByte, endByte } = range ?? { startByte: 0, endByte: record.sizeBytes };
  response.writeHead(range === undefined ? 200 : 206, {
    ...record.headers,
    'accept-ranges': 'bytes',
    'content-length': endByte - startByte,
    etag: `"${record.etag}"`,
    'last-modified': new Date(record.lastModified).toUTCString(),
    ...(range !== undefined && { 'content-range': `bytes ${startByte}-${endByte - 1}/${record.sizeBytes}` }),
    // A checksum of the whole says nothing about a range.
    ...(range === undefined &&
      request.headers['x-amz-checksum-mode'] === 'ENABLED' && {
        [checksumHeaderName(record.checksum.algorithm)]: record.checksum.value,
        'x-amz-checksum-type': 'FULL_OBJECT',
      }),
  });
}
