import { hidePassword } from '../../../../cli/format/hide-password.ts';

test.each([
  ['no password', 'sftp://me@host:22/a/b', 'sftp://me@host:22/a/b'],
  ['no user', 'sftp://host:22/a/b', 'sftp://host:22/a/b'],
  ['a password', 'sftp://me:secret@host/a', 'sftp://me:(hidden)@host/a'],
  ['no user name before it', 'sftp://:secret@host/a', 'sftp://:(hidden)@host/a'],
  ['an @ in it', 'sftp://me:se@cret@host/a', 'sftp://me:(hidden)@host/a'],
  ['/, ?, #, : and a line end in it', 'sftp://me:/s?e#c:\nret@host/a', 'sftp://me:(hidden)@host/a'],
  ['another protocol', 'HTTPS://me:secret@host/a', 'HTTPS://me:(hidden)@host/a'],
  ['no protocol', 'me:secret@host:/a', 'me:(hidden)@host:/a'],
  // More than a password is hidden rather than less.
  ['an @ in the path behind a port', 'sftp://host:22/a@b', 'sftp://host:(hidden)@b'],
  ['the name of a partner', 'acme', 'acme'],
])('%s', (_name, text, shown) => {
  expect(hidePassword(text)).toBe(shown);
});
