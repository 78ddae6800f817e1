import { rm } from 'node:fs/promises';
import { S3_MAX_PART_SIZE_BYTES, S3_MAX_PARTS } from '../../../transfer/limits.ts';
import { type BodyPromise, parseBodyHeaders } from '../body/body-headers.ts';
import { receiveBody } from '../body/body-receiver.ts';
import { checksumAlgorithmByName, checksumHeaderName } from '../body/checksums.ts';
import type { Upload } from '../multipart-uploads.ts';
import { objectHeaders } from '../object-headers.ts';
import type { Operation } from '../request/call.ts';
import { wholeNumber } from '../request/paging.ts';
import { sendEmpty, sendXml } from '../responses.ts';
import { noSuchUpload, S3Error } from '../s3-error.ts';

/** The one algorithm of multipart uploads here: of a whole object, not of its parts' checksums. */
const MULTIPART_CHECKSUM_ALGORITHM = 'CRC64NVME';
const METER_OPTIONS = { checksumAlgorithm: MULTIPART_CHECKSUM_ALGORITHM, etagOf: 'checksum' } as const;

export const createMultipartUpload: Operation = async ({
  bucket,
  key,
  objects,
  uploads,
  request,
  response,
}) => {
  objects.requireBucket(bucket);
  const name = request.headers['x-amz-checksum-algorithm'];
  const algorithm = name === undefined ? undefined : checksumAlgorithmByName(String(name));
  if (algorithm !== undefined && algorithm !== MULTIPART_CHECKSUM_ALGORITHM) {
    throw new S3Error(
      'NotImplemented',
      `This server makes multipart uploads with ${MULTIPART_CHECKSUM_ALGORITHM} only, not ${algorithm}.`,
    );
  }
  const type = request.headers['x-amz-checksum-type'];
  if (type !== undefined && (type !== 'FULL_OBJECT' || algorithm === undefined)) {
    throw new S3Error(
      'InvalidRequest',
      `The ${type} checksum type cannot be used with the ${name} checksum algorithm.`,
    );
  }
  const upload = await uploads.create({
    bucket,
    key,
    checksumAlgorithm: algorithm,
    headers: objectHeaders(request.headers),
  });
  if (algorithm !== undefined) {
    response.setHeader('x-amz-checksum-algorithm', algorithm);
    response.setHeader('x-amz-checksum-type', 'FULL_OBJECT');
  }
  sendXml(response, 'InitiateMultipartUploadResult', { Bucket: bucket, Key: key, UploadId: upload.uploadId });
};

export const uploadPart: Operation = async (call) => {
  const { bucket, key, query, objects, uploads, request, response, closing } = call;
  objects.requireBucket(bucket);
  const upload = uploads.require(bucket, key, query.get('uploadId') ?? '');
  const partNumber = parsePartNumber(query);
  const promise = parseBodyHeaders(request.headers);
  requireFittingPart(upload, promise);
  call.acceptBody();
  const incoming = uploads.incomingPartPath(upload);
  try {
    const body = await receiveBody(request, promise, incoming, METER_OPTIONS, closing);
    await uploads.addPart(upload, {
      partNumber,
      sizeBytes: body.sizeBytes,
      etag: body.etag,
      checksumCrc64Nvme: body.checksum.value,
      lastModified: new Date(),
      path: body.path,
    });
    response.setHeader('etag', `"${body.etag}"`);
    if (upload.checksumAlgorithm !== undefined) {
      response.setHeader(checksumHeaderName(upload.checksumAlgorithm), body.checksum.value);
    }
  } catch (error) {
    await rm(incoming, { force: true });
    // The upload's folder vanishes under a part that is still on its way.
    throw uploads.isOpen(upload) ? error : noSuchUpload(upload.uploadId);
  }
  sendEmpty(response, 200);
};

export const abortMultipartUpload: Operation = async ({ bucket, key, query, objects, uploads, response }) => {
  objects.requireBucket(bucket);
  const upload = uploads.require(bucket, key, query.get('uploadId') ?? '');
  uploads.close(upload);
  await uploads.removeFiles(upload);
  sendEmpty(response, 204);
};

function parsePartNumber(query: URLSearchParams): number {
  const partNumber = wholeNumber(query, 'partNumber') ?? 0;
  if (partNumber >= 1 && partNumber <= S3_MAX_PARTS) return partNumber;
  throw new S3Error(
    'InvalidArgument',
    `Part number must be an integer between 1 and ${S3_MAX_PARTS}, inclusive`,
    {
      ArgumentName: 'partNumber',
      ArgumentValue: partNumber,
    },
  );
}

function requireFittingPart(upload: Upload, promise: BodyPromise): void {
  if (promise.sizeBytes > S3_MAX_PART_SIZE_BYTES) {
    throw new S3Error('EntityTooLarge', 'Your proposed upload exceeds the maximum allowed size', {
      ProposedSize: promise.sizeBytes,
      MaxSizeAllowed: S3_MAX_PART_SIZE_BYTES,
    });
  }
  const { checksumAlgorithm } = promise;
  if (checksumAlgorithm !== undefined && checksumAlgorithm !== upload.checksumAlgorithm) {
    const expected = upload.checksumAlgorithm?.toLowerCase() ?? 'null';
    throw new S3Error(
      'InvalidRequest',
      `Checksum Type mismatch occurred, expected checksum Type: ${expected}, actual checksum Type: ${checksumAlgorithm.toLowerCase()}`,
    );
  }
}
