import {
  InvalidTransferRequestError,
  SourceChangedError,
  UploadFailedError,
} from '../../../transfer/errors.ts';
import { guideToError } from '../../../transfer/failure-guide.ts';
import { isFaultOfAllFiles } from '../../../transfer/fault-scope.ts';

const named = (name: string) => Object.assign(new Error('said'), { name });

test.each([
  ['S3 that does not take an upload', new UploadFailedError('503')],
  [
    'a bucket that is not there',
    new InvalidTransferRequestError('bucket', 'landing', 'there is no such bucket'),
  ],
  ['a missing permission', named('AccessDenied')],
  ['a key of encryption that is switched off', named('KMS.DisabledException')],
  ['a session of ours that is over', named('ExpiredToken')],
  ['an answer of S3 to Step Functions', named('S3.NoSuchBucketException')],
  ['a machine without credentials', named('CredentialsProviderError')],
  ['Lambda without concurrency', named('Lambda.TooManyRequestsException')],
])('%s is met by every file', (_name, error) => {
  expect(isFaultOfAllFiles(error)).toBe(true);
});

test.each([
  ['a source that changed', new SourceChangedError('changed')],
  ['a key that is too long', new InvalidTransferRequestError('key', 'x', 'S3 keys have at most 1024 bytes')],
  ['a file at which the server ends every connection', named('SftpConnectionError')],
  ['a file that the server does not read', named('SourcePermissionError')],
  ['an object that is there', named('TargetExistsError')],
  ['a chunk that is never read in time', named('States.Timeout')],
  ['a fault of our program', new TypeError('x is not a function')],
])('%s may be the fault of one file', (_name, error) => {
  expect(isFaultOfAllFiles(error)).toBe(false);
});

test.each(['UploadFailedError', 'LedgerUnavailableError', 'AccessDenied', 'S3.S3Exception'])(
  '%s is told as a fault of the whole partner, too',
  (name) => {
    expect(guideToError(name).concerns).toBe('partner');
  },
);
