import { createBucket, headBucket } from './operations/bucket-operations.ts';
import { completeMultipartUpload } from './operations/complete-multipart-upload.ts';
import { listObjects } from './operations/list-objects.ts';
import { listMultipartUploads, listParts } from './operations/multipart-listings.ts';
import {
  abortMultipartUpload,
  createMultipartUpload,
  uploadPart,
} from './operations/multipart-operations.ts';
import { deleteObject, getObject, headObject, putObject } from './operations/object-operations.ts';
import type { Operation } from './request/call.ts';
import type { RequestTarget } from './request/request-target.ts';
import { S3Error } from './s3-error.ts';

interface Route {
  method: string;
  scope: 'bucket' | 'object';
  /** Query parameters that must be there; they distinguish S3's operations of one method. */
  required: readonly string[];
  /** Query parameters that may be there. */
  optional: readonly string[];
  operation: Operation;
}

const route = (
  method: string,
  scope: Route['scope'],
  operation: Operation,
  required: readonly string[] = [],
  optional: readonly string[] = [],
): Route => ({ method, scope, operation, required, optional });

const ROUTES: readonly Route[] = [
  route('PUT', 'bucket', createBucket),
  route('HEAD', 'bucket', headBucket),
  route(
    'GET',
    'bucket',
    listObjects,
    ['list-type'],
    ['prefix', 'delimiter', 'max-keys', 'start-after', 'continuation-token', 'encoding-type', 'fetch-owner'],
  ),
  route(
    'GET',
    'bucket',
    listMultipartUploads,
    ['uploads'],
    ['prefix', 'max-uploads', 'key-marker', 'upload-id-marker', 'encoding-type'],
  ),
  route('PUT', 'object', putObject),
  route('GET', 'object', getObject),
  route('HEAD', 'object', headObject),
  route('DELETE', 'object', deleteObject),
  route('POST', 'object', createMultipartUpload, ['uploads']),
  route('PUT', 'object', uploadPart, ['partNumber', 'uploadId']),
  route('GET', 'object', listParts, ['uploadId'], ['max-parts', 'part-number-marker']),
  route('POST', 'object', completeMultipartUpload, ['uploadId']),
  route('DELETE', 'object', abortMultipartUpload, ['uploadId']),
];

/** Says which operation the SDK meant; S3 pays no heed to it. */
const IGNORED_PARAMETERS = ['x-id'];

/**
 * The operation that S3 would run. A query parameter that no operation here knows asks for something that this
 * server does not do, so it is refused rather than ignored.
 * @throws S3Error NotImplemented
 */
export function findOperation(method: string, { key, query }: RequestTarget): Operation {
  const scope = key === '' ? 'bucket' : 'object';
  const given = [...new Set(query.keys())].filter((name) => !IGNORED_PARAMETERS.includes(name));
  const found = ROUTES.find(
    (candidate) =>
      candidate.method === method &&
      candidate.scope === scope &&
      candidate.required.every((name) => given.includes(name)) &&
      given.every((name) => candidate.required.includes(name) || candidate.optional.includes(name)),
  );
  if (found !== undefined) return found.operation;
  throw new S3Error(
    'NotImplemented',
    `This server has no ${method} on a ${scope} with (${given.join(', ')}).`,
  );
}
