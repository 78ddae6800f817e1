import {
  IncompleteUploadError,
  InvalidTransferRequestError,
  TargetExistsError,
  UploadFailedError,
  UploadGoneError,
} from '../transfer/errors.ts';
import { S3TransportError } from './transport.ts';

/** The call that failed, for the message and for what its codes mean. */
export interface S3Call {
  operation:
    | 'PutObject'
    | 'GetObject'
    | 'ListObjectsV2'
    | 'UploadPart'
    | 'ListParts'
    | 'CompleteMultipartUpload'
    | 'AbortMultipartUpload'
    | 'HeadObject';
  bucket: string;
  key: string;
}

/** 4xx codes that say nothing against the request: https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html */
const TRANSIENT_CODES = new Set(['IncompleteBody', 'OperationAborted', 'RequestTimeout', 'SlowDown']);

/** What S3 answers to CompleteMultipartUpload when the parts are not what the request says they are. */
const WRONG_PARTS_CODES = new Set([
  'BadDigest',
  'EntityTooSmall',
  'InvalidPart',
  'InvalidPartOrder',
  'InvalidRequest',
]);

const CONFLICT_CODE = 'ConditionalRequestConflict';

/**
 * What S3 answers to CompleteMultipartUpload with If-None-Match when the key was written before (412) or meanwhile
 * (409; the upload is then of no use any more):
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
 */
const KEY_TAKEN_CODES = new Set(['PreconditionFailed', CONFLICT_CODE]);

/** S3 sends a caller of the wrong region elsewhere; the functions and the workflow have only their own. */
const OTHER_REGION_CODES = new Set([
  'PermanentRedirect',
  'TemporaryRedirect',
  'AuthorizationHeaderMalformed',
]);
const MOVED_PERMANENTLY = 301;

/** The parts of an SDK error that say what happened. */
interface SdkError extends Error {
  $metadata?: { httpStatusCode?: number; requestId?: string };
}

/**
 * The error that a caller of the ObjectStore port gets for an error of the SDK: a class of ours where the caller
 * treats it in its own way, else an Error with S3's code as its name, which no Retry matches. What came neither from
 * S3 nor from the connection, such as missing credentials, is given back as it is.
 */
export function translateS3Error(thrown: unknown, call: S3Call): unknown {
  const error = thrown as SdkError;
  const target = `${call.operation} of s3://${call.bucket}/${call.key}`;
  const status = error.$metadata?.httpStatusCode;
  if (status !== undefined) return translateAnswer(error, status, call, target);
  if (error instanceof S3TransportError) {
    return new UploadFailedError(`${target}: ${error.message}`, { cause: error });
  }
  return error;
}

function translateAnswer(error: SdkError, status: number, call: S3Call, target: string): Error {
  const options = { cause: error };
  const code = error.name;
  const request = error.$metadata?.requestId === undefined ? '' : ` (request ${error.$metadata.requestId})`;
  const said = `${target}: S3 answers ${status} ${code}: ${error.message}${request}`;
  // An upload is gone with its bucket: there is nothing left to abort.
  const isGone =
    code === 'NoSuchUpload' || (code === 'NoSuchBucket' && call.operation === 'AbortMultipartUpload');
  if (isGone) return new UploadGoneError(said, options);
  if (code === 'NoSuchBucket') {
    return new InvalidTransferRequestError('bucket', call.bucket, 'there is no such bucket', options);
  }
  // A HEAD has no body, and so no code.
  if (status === MOVED_PERMANENTLY || OTHER_REGION_CODES.has(code)) {
    const bound = 'it must be in the region of the stack, and S3 says that it is in another';
    return new InvalidTransferRequestError('bucket', call.bucket, bound, options);
  }
  // By code before status: S3 may refuse a completion inside a 200, which the SDK turns into a 503.
  if (call.operation === 'CompleteMultipartUpload') {
    if (KEY_TAKEN_CODES.has(code)) return new TargetExistsError(said, options);
    if (WRONG_PARTS_CODES.has(code)) return new IncompleteUploadError(said, options);
  }
  if (status >= 500 || status === 429 || TRANSIENT_CODES.has(code))
    return new UploadFailedError(said, options);
  // The bytes changed on their way: they are still right at their source.
  const isSent = call.operation === 'UploadPart' || call.operation === 'PutObject';
  if (isSent && code === 'BadDigest') return new UploadFailedError(said, options);
  if (call.operation === 'PutObject') {
    if (status === 412) return new TargetExistsError(said, options);
    // Another request for the key was under way, and may have failed: S3 asks to send it again.
    if (code === CONFLICT_CODE) return new UploadFailedError(said, options);
  }
  return Object.assign(new Error(said, options), { name: code });
}
