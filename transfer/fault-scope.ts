import { InvalidTransferRequestError } from './errors.ts';

/** Of transfer/errors.ts: S3 or the ledger did not serve, whatever the file. */
const OF_ALL_FILES: ReadonlySet<string> = new Set(['UploadFailedError', 'LedgerUnavailableError']);

/**
 * What AWS or its SDK calls a missing permission, a login of ours that is over, or a service that does not serve; S3's in full:
 * https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html#ErrorCodeList
 */
const AWS_NAMES =
  /^(S3|KMS|Lambda|StepFunctions)\.|^(AccessDenied|AccountProblem|AllAccessDisabled|CredentialsProviderError|Expired|InvalidAccessKeyId|InvalidToken|NoSuchBucket|NotSignedUp|RequestTimeTooSkewed|SignatureDoesNotMatch|TokenProviderError)/;

/**
 * Whether every other file meets the fault as well, since it is in our account or in AWS: then it says nothing about
 * this file, and does not count against it. A partner's faults count, since one file may be what breaks his server's
 * connections; where he is down altogether, the listing fails before any file.
 */
export function isFaultOfAllFiles(error: { name: string }): boolean {
  if (error instanceof InvalidTransferRequestError) return error.field === 'bucket';
  return OF_ALL_FILES.has(error.name) || AWS_NAMES.test(error.name);
}
