import os from 'node:os';
import { jest } from '@jest/globals';
import { parseSftpFolderUrl, parseSftpServerUrl, parseSftpUrl } from '../../../../cli/options/urls.ts';
import { UsageError } from '../../../../cli/usage-error.ts';

describe('an SFTP URL asks for exactly the path that was written', () => {
  test.each([
    ['an absolute path', '/out/a.zip', '/out/a.zip'],
    ['a path from the home folder', '/~/out/a.zip', 'out/a.zip'],
    ['a tilde that is a name', '/~acme/a', '/~acme/a'],
    ['dots', '/out/./x/../a', '/out/./x/../a'],
    ['dots behind the home folder', '/~/../x', '../x'],
    ['percent-encoded dots', '/%2e%2e/a', '/../a'],
    ['doubled slashes', '//out//a', '//out//a'],
    ['a blank at the end', '/out/a ', '/out/a '],
    ['a blank inside', '/out/a b', '/out/a b'],
    ['a tab', '/out/a\tb', '/out/a\tb'],
    ['a line end', '/out/a\nb\n', '/out/a\nb\n'],
    ['percent-encoded blanks', '/out/a%20b%09%0A', '/out/a b\t\n'],
    ['letters that are not ASCII', '/out/Übersicht', '/out/Übersicht'],
    ['the same, percent-encoded', '/out/%C3%9Cbersicht', '/out/Übersicht'],
    ['percent-encoded marks', '/out/a%3Fb%23c', '/out/a?b#c'],
    ['a backslash', '/out\\a', '/out\\a'],
    ['an at sign and a colon', '/out/a@b:c', '/out/a@b:c'],
  ])('%s', (_name, written, path) => {
    expect(parseSftpUrl(`sftp://acme@host.test:2222${written}`)).toEqual({
      host: 'host.test',
      port: 2222,
      username: 'acme',
      path,
    });
  });
});

describe('what cannot be asked for as it was written is refused', () => {
  test.each([
    ['a blank before it', ' sftp://acme@host.test/a', 'blanks and control characters'],
    ['a tab in the host', 'sftp://acme@ho\tst.test/a', 'blanks and control characters'],
    ['a line end in the user', 'sftp://ac\nme@host.test/a', 'blanks and control characters'],
    ['a question mark', 'sftp://acme@host.test/a?b', 'write ? as %3F'],
    ['a question mark at the end', 'sftp://acme@host.test/a?', 'write ? as %3F'],
    ['a hash at the end', 'sftp://acme@host.test/a#', '# as %23'],
    ['broken percent-encoding', 'sftp://acme@host.test/a%2', 'not percent-encoded UTF-8'],
    ['port 0', 'sftp://acme@host.test:0/a', 'a port is a number from 1 to 65535'],
    ['port 65536', 'sftp://acme@host.test:65536/a', 'a port is a number from 1 to 65535'],
    ['no name of a host', 'sftp://acme@ho%5est/a', 'is not the name of a host'],
  ])('%s', (_name, text, message) => {
    expect(() => parseSftpServerUrl(text)).toThrow(UsageError);
    expect(() => parseSftpServerUrl(text)).toThrow(message);
  });
});

test.each(['', '/', '/~', '/~/'])('sftp://host%s names no file', (path) => {
  expect(parseSftpServerUrl(`sftp://acme@host.test${path}`)).toMatchObject({ port: 22, path: undefined });
  expect(() => parseSftpUrl(`sftp://acme@host.test${path}`)).toThrow('names no file');
});

test.each([
  ['/', '/'],
  ['/~', '.'],
  ['/~/', '.'],
  ['/out', '/out'],
  ['/~/out', 'out'],
])('as a folder, sftp://host%s is %s', (written, path) => {
  expect(parseSftpFolderUrl(`sftp://acme@host.test${written}`)).toMatchObject({ host: 'host.test', path });
});

test('a URL of a server alone is no folder, and says how its root is written', () => {
  expect(() => parseSftpFolderUrl('sftp://acme@host.test')).toThrow('end it with / for the root');
});

test('a host with letters that are not ASCII is asked for in its form for DNS', () => {
  expect(parseSftpUrl('sftp://acme@münchen.test/a')).toMatchObject({ host: 'xn--mnchen-3ya.test' });
});

test('a host of ASCII letters stays as it was written: the ledger has rows under that name', () => {
  expect(parseSftpUrl('sftp://acme@SFTP.Acme_1.test./a')).toMatchObject({ host: 'SFTP.Acme_1.test.' });
});

test('a user whom the system has no name of must be named', () => {
  jest.spyOn(os, 'userInfo').mockImplementation(() => {
    throw new Error('uv_os_get_passwd returned ENOENT');
  });
  expect(() => parseSftpUrl('sftp://host.test/a')).toThrow('names no user: write sftp://user@host');
  expect(parseSftpUrl('sftp://acme@host.test/a')).toMatchObject({ username: 'acme' });
});

test('an IPv6 address is without its brackets', () => {
  expect(parseSftpUrl('sftp://acme@[2001:db8::7]:22/a')).toMatchObject({ host: '2001:db8::7', path: '/a' });
});
