import { constants } from 'node:fs';
import { type ReceivedStats, toFileStat } from '../../../sftp/file-stat.ts';

const { S_IFBLK, S_IFDIR, S_IFIFO, S_IFREG, S_IFSOCK } = constants;

test.each<[string, ReceivedStats, object]>([
  [
    'a file',
    { mode: S_IFREG | 0o644, size: 5, mtime: 9 },
    { kind: 'file', sizeBytes: 5, modifiedAtSeconds: 9 },
  ],
  [
    'an empty file',
    { mode: S_IFREG, size: 0, mtime: 0 },
    { kind: 'file', sizeBytes: 0, modifiedAtSeconds: 0 },
  ],
  ['a folder', { mode: S_IFDIR | 0o755, size: 4096, mtime: 9 }, { kind: 'directory' }],
  ['a pipe', { mode: S_IFIFO, size: 0, mtime: 9 }, { kind: 'other' }],
  ['a device', { mode: S_IFBLK, size: 0, mtime: 9 }, { kind: 'other' }],
  ['a socket', { mode: S_IFSOCK, size: 0, mtime: 9 }, { kind: 'other' }],
  ['something without a mode', { size: 5, mtime: 9 }, { kind: 'unknown', sizeBytes: 5 }],
  ['permissions without a kind', { mode: 0o644, size: 5, mtime: 9 }, { kind: 'unknown', sizeBytes: 5 }],
  ['a size of 2^53 - 1', { size: 2 ** 53 - 1 }, { sizeBytes: 2 ** 53 - 1 }],
  ['a file without a time', { mode: S_IFREG, size: 5 }, { kind: 'file', modifiedAtSeconds: 0 }],
])('%s', (_case, attributes, expected) => {
  expect(toFileStat('sftp://acme', '/x', attributes)).toMatchObject(expected);
});

test.each<[string, ReceivedStats, string]>([
  ['no size', { mode: S_IFREG, mtime: 9 }, 'sftp://acme does not report the size of /x'],
  [
    '2^53',
    { size: 2 ** 53 },
    'sftp://acme reports 9007199254740992 bytes as the size of /x, which no file has',
  ],
  ['2^63', { size: 2 ** 63 }, 'sftp://acme reports 9223372036854775808 bytes'],
  ['2^64 - 1, as ssh2 rounds it', { size: 2 ** 64 }, 'sftp://acme reports 18446744073709551616 bytes'],
])('a file of %s cannot be transferred, and trying again does not help', (_case, attributes, message) => {
  expect(() => toFileStat('sftp://acme', '/x', attributes)).toThrow(
    expect.objectContaining({ name: 'SftpRequestRefusedError', message: expect.stringContaining(message) }),
  );
});
