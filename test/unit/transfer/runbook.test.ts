import { kebabCase, runbookOf } from '../../../transfer/runbook.ts';

test.each([
  ['HostKeyMismatchError', 'host-key-mismatch-error'],
  ['SourceNotAFileError', 'source-not-a-file-error'],
  ['SftpStalledError', 'sftp-stalled-error'],
])('%s becomes %s', (name, kebab) => {
  expect(kebabCase(name)).toBe(kebab);
});

test.each([
  ['HostKeyMismatchError', 'docs/runbooks/host-key-mismatch-error.md'],
  ['States.Timeout', undefined],
  ['Lambda.TooManyRequestsException', undefined],
  ['NoSuchKey', undefined],
])('the runbook of %s is %s', (name, path) => {
  expect(runbookOf(name)).toBe(path);
});
