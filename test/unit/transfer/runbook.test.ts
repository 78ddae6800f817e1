import { kebabCase } from '../../../transfer/runbook.ts';

test.each([
  ['HostKeyMismatchError', 'host-key-mismatch-error'],
  ['SourceNotAFileError', 'source-not-a-file-error'],
  ['SftpStalledError', 'sftp-stalled-error'],
])('%s becomes %s', (name, kebab) => {
  expect(kebabCase(name)).toBe(kebab);
});
