import { guideToEnd, guideToError } from '../../../transfer/failure-guide.ts';

test.each([
  ['S3.NoSuchBucketException', 'invalid-transfer-request-error'],
  ['S3.NoSuchUpload', 'upload-failed-error'],
  ['Lambda.TooManyRequestsException', 'function-throttles'],
  ['Lambda.ServiceException', 'unexpected-error'],
  ['States.Timeout', 'chunk-deadline-error'],
  ['States.DataLimitExceeded', 'unexpected-error'],
  ['Runtime.ExitError', 'unexpected-error'],
  ['toString', 'unexpected-error'],
  ['', 'unexpected-error'],
])('%s leads to %s', (name, runbook) => {
  expect(guideToError(name).runbook).toBe(runbook);
});

test.each([
  ['FAILED', 'States.Timeout', false, 'chunk-deadline-error'],
  ['TIMED_OUT', 'States.Timeout', false, 'executions-timed-out'],
  ['TIMED_OUT', undefined, true, 'folder-runs-failed'],
  ['ABORTED', undefined, false, 'executions-aborted'],
  ['ABORTED', undefined, true, 'folder-runs-failed'],
] as const)('an execution that ended %s with %s leads to %s', (status, name, isFolderRun, runbook) => {
  expect(guideToEnd(status, name, isFolderRun).runbook).toBe(runbook);
});

test.each(['HostKeyMismatchError', 'SftpAuthenticationError'])('%s is urgent', (name) => {
  expect(guideToError(name).severity).toBe('urgent');
});

test('a bucket that is missing is our side, and what else S3 refuses is not', () => {
  expect(guideToError('S3.NoSuchBucketException').side).toBe('ours');
  expect(guideToError('S3.InternalError').side).toBe('AWS');
});
