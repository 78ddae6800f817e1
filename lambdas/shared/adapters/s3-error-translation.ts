import { S3ServiceException } from '@aws-sdk/client-s3';
import {
  IncompleteUploadError,
  InvalidTransferRequestError,
  TargetExistsError,
  UploadFailedError,
  UploadGoneError,
} from '../errors.ts';

/** The call that failed, for the message and for what its codes mean. */
export interface S3Call {
  operation: 'UploadPart' | 'ListParts' | 'CompleteMultipartUpload' | 'AbortMultipartUpload' | 'HeadObject';
  bucket: string;
  key: string;
}

/** 4xx codes that say nothing against the request: https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html */
const TRANSIENT_CODES = new Set([
  'ConditionalRequestConflict',
  'IncompleteBody',
  'OperationAborted',
  'RequestTimeout',
  'SlowDown',
]);

/** What S3 answers to CompleteMultipartUpload when the parts are not what the request says they are. */
const WRONG_PARTS_CODES = new Set([
  'BadDigest',
  'EntityTooSmall',
  'InvalidPart',
  'InvalidPartOrder',
  'InvalidRequest',
]);

/**
 * The error that a caller of the ObjectStore port gets for an error of the SDK: a class of ours where the caller
 * treats it in its own way, else an Error with S3's code as its name, which no Retry matches.
 */
export function translateS3Error(error: unknown, call: S3Call): Error {
  const target = `${call.operation} of s3://${call.bucket}/${call.key}`;
  const options = { cause: error };
  const status = error instanceof S3ServiceException ? error.$metadata.httpStatusCode : undefined;
  if (!(error instanceof S3ServiceException) || status === undefined) {
    return translateClientError(error, target);
  }
  const said = `${target}: S3 answers ${status} ${error.name}: ${error.message}`;
  if (error.name === 'NoSuchUpload') return new UploadGoneError(said, options);
  if (error.name === 'NoSuchBucket') {
    return new InvalidTransferRequestError('bucket', call.bucket, 'there is no such bucket', options);
  }
  if (status >= 500 || status === 429 || TRANSIENT_CODES.has(error.name))
    return new UploadFailedError(said, options);
  if (call.operation === 'UploadPart' && error.name === 'BadDigest')
    return new UploadFailedError(said, options);
  if (call.operation === 'CompleteMultipartUpload') {
    if (status === 412) return new TargetExistsError(said, options);
    if (WRONG_PARTS_CODES.has(error.name)) return new IncompleteUploadError(said, options);
  }
  return Object.assign(new Error(said, options), { name: error.name });
}

/** Codes of Node's sockets and resolver, and the SDK's name for its own timeouts. */
const CONNECTION_CODES = new Set([
  'ECONNABORTED',
  'ECONNREFUSED',
  'ECONNRESET',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EPIPE',
  'ETIMEDOUT',
]);

/** Errors that are no answer of S3: a broken connection, a timeout, or a fault before anything was sent. */
function translateClientError(error: unknown, target: string): Error {
  if (!(error instanceof Error)) return new Error(`${target}: ${String(error)}`, { cause: error });
  const { code } = error as NodeJS.ErrnoException;
  const isBroken = error.name === 'TimeoutError' || (code !== undefined && CONNECTION_CODES.has(code));
  if (isBroken) return new UploadFailedError(`${target}: ${error.message || code}`, { cause: error });
  return error;
}
