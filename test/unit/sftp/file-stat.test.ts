import { constants } from 'node:fs';
import { type ReceivedStats, toFileStat } from '../../../sftp/file-stat.ts';

const { S_IFBLK, S_IFDIR, S_IFIFO, S_IFMT, S_IFREG, S_IFSOCK } = constants;

/** As ssh2 makes them: the kind is in the mode. */
function received(attributes: { mode?: number; size?: number; mtime?: number }): ReceivedStats {
  const isKind = (kind: number) => () => ((attributes.mode ?? 0) & S_IFMT) === kind;
  return { ...attributes, isFile: isKind(S_IFREG), isDirectory: isKind(S_IFDIR) };
}

test.each([
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
  ['something without a mode', { size: 5, mtime: 9 }, { kind: 'file', sizeBytes: 5 }],
  ['a file without a time', { mode: S_IFREG, size: 5 }, { kind: 'file', modifiedAtSeconds: 0 }],
])('%s', (_case, attributes, expected) => {
  expect(toFileStat('sftp://acme', '/x', received(attributes))).toMatchObject(expected);
});

test('a file without a size cannot be transferred', () => {
  expect(() => toFileStat('sftp://acme', '/x', received({ mode: S_IFREG, mtime: 9 }))).toThrow(
    'sftp://acme does not tell the size of /x',
  );
});
