import { posix } from 'node:path';
import { resolveTarget } from '../../../../lambdas/get-file-metadata/transfer-target.ts';
import { InvalidTransferRequestError } from '../../../../transfer/errors.ts';

const SETTINGS = { landingBucket: 'landing', allowedBuckets: [], keyPrefix: 'acme' };
/** On a server whose home folder is the root. */
const keyOf = (sftp_file_path: string, keyPrefix = SETTINGS.keyPrefix): string =>
  resolveTarget({ sftp_file_path }, { ...SETTINGS, keyPrefix }, posix.resolve('/', sftp_file_path)).key;

describe('the default key stays below the prefix, whatever the path', () => {
  test.each([
    ['an absolute path', '/out/a.zip', 'acme/out/a.zip'],
    ['a path from the home folder', 'out/a.zip', 'acme/out/a.zip'],
    ['dots inside', '/out/./x/../a.zip', 'acme/out/a.zip'],
    ['dots above the root', '/../../initech/a.zip', 'acme/initech/a.zip'],
    ['dots above the home folder', '../initech/a.zip', 'acme/initech/a.zip'],
    ['dots behind a folder', '/out/../../../initech/a.zip', 'acme/initech/a.zip'],
    ['slashes that are doubled', '//out//a.zip', 'acme/out/a.zip'],
    ['names that only begin with dots', '/..out/...a', 'acme/..out/...a'],
    ['dots that are percent-encoded are a name', '/%2e%2e/a', 'acme/%2e%2e/a'],
    ['backslashes are part of a name', '/..\\..\\a', 'acme/..\\..\\a'],
    ['a line end is part of a name', '/out/a\nb', 'acme/out/a\nb'],
  ])('%s', (_name, path, key) => {
    expect(keyOf(path)).toBe(key);
  });

  test.each(['/', '..', '.', '/out/..'])('without a prefix, %j names no object', (path) => {
    expect(() => keyOf(path, '')).toThrow(InvalidTransferRequestError);
    expect(() => keyOf(path, '')).toThrow('it must not be empty');
  });
});

describe('a default key takes at most 1,024 bytes', () => {
  test.each([
    ['1,024 bytes', `/${'x'.repeat(1_019)}`],
    ['1,024 bytes of two-byte letters', `/${'ä'.repeat(509)}x`],
    ['more, but for dots', `/${'x'.repeat(1_100)}/../a`],
  ])('%s', (_name, path) => {
    expect(Buffer.byteLength(keyOf(path))).toBeLessThanOrEqual(1_024);
  });

  test.each([
    ['1,025 bytes', `/${'x'.repeat(1_020)}`, 1_025],
    ['1,025 bytes of two-byte letters', `/${'ä'.repeat(510)}`, 1_025],
    ['a path of 4,096 bytes', `/${'x'.repeat(4_095)}`, 4_100],
  ])('%s are refused', (_name, path, bytes) => {
    expect(() => keyOf(path)).toThrow(InvalidTransferRequestError);
    expect(() => keyOf(path)).toThrow(`S3 keys have at most 1024 bytes, not ${bytes}`);
  });
});

describe('two files never have one default key', () => {
  const early = (sftp_file_path: string) => resolveTarget({ sftp_file_path }, SETTINGS);

  test('an absolute path names its key before the server is asked', () => {
    expect(early('/out//./a.zip')).toEqual({ bucket: 'landing', key: 'acme/out/a.zip' });
  });

  test.each(['out/a.zip', './a.zip', '/link/../a.zip'])(
    '%j waits for what the server makes of it',
    (path) => {
      expect(early(path)).toBeUndefined();
    },
  );

  test('a path from the home folder is another file than the same path from the root', () => {
    const fromHome = resolveTarget({ sftp_file_path: 'out/f' }, SETTINGS, '/home/acme/out/f');
    expect(fromHome.key).toBe('acme/home/acme/out/f');
    expect(early('/out/f')?.key).toBe('acme/out/f');
  });

  test('dots behind a link lead where the server says', () => {
    expect(resolveTarget({ sftp_file_path: '/link/../f' }, SETTINGS, '/far/f').key).toBe('acme/far/f');
  });

  test('a path that the server cannot make absolute is marked', () => {
    expect(resolveTarget({ sftp_file_path: 'out/f' }, SETTINGS, 'out/f').key).toBe('acme/~/out/f');
  });

  test.each(['/~/out/f', '//~/out/f', '/x/../~/out/f'])(
    'a folder "~" of the root needs a key: %j',
    (path) => {
      expect(() => resolveTarget({ sftp_file_path: path }, SETTINGS, '/~/out/f')).toThrow(
        'is written without /~/',
      );
      const named = { sftp_file_path: path, target_s3_key: 'x' };
      expect(resolveTarget(named, SETTINGS)).toEqual({ bucket: 'landing', key: 'x' });
    },
  );

  test.each(['/~', '/a/~/f', '/~acme/f'])('other names with a tilde are names: %j', (path) => {
    expect(keyOf(path)).toBe(`acme${path}`);
  });

  test('a key that the request names is taken as it is', () => {
    const request = { sftp_file_path: 'out/f', target_s3_key: 'x' };
    expect(resolveTarget(request, SETTINGS)).toEqual({ bucket: 'landing', key: 'x' });
  });
});
