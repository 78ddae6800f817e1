import { inspect } from 'node:util';
import { html } from '../../../cli/report/html.ts';
import { generateKeyPair } from '../../../local/sftp-server/host-key.ts';
import { findSecrets, secretLinesOf } from '../../support/secret-forms.ts';

/** A fragment's length, so that only the whole of it can be found. */
const SECRET = 'ü"\\<&$ \'%z';

describe('each form of a secret is found, and named', () => {
  test.each([
    ['as it is', 'ü"\\<&$ \'%z'],
    ['JSON-escaped', String.raw`ü\"\\<&$ '%z`],
    ['JSON in JSON', String.raw`ü\\\"\\\\<&$ '%z`],
    ['JSON-escaped to ASCII', String.raw`\u00fc\"\\<&$ '%z`],
    ['quoted as by node:util', String.raw`ü"\\<&$ \'%z`],
    ['with backslashes escaped', String.raw`ü"\\<&$ '%z`],
    ['URL-encoded', "%C3%BC%22%5C%3C%26%24%20'%25z"],
    ['URL-encoded in lower case', "%c3%bc%22%5c%3c%26%24%20'%25z"],
    ['URL-encoded with its apostrophe', '%C3%BC%22%5C%3C%26%24%20%27%25z'],
    ['URL-encoded where it must be', "%C3%BC%22%5C%3C&$%20'%25z"],
    ['encoded as a form', '%C3%BC%22%5C%3C%26%24+%27%25z'],
    ['HTML-escaped', 'ü&quot;\\&lt;&amp;$ &#39;%z'],
    ['HTML-escaped with &apos;', 'ü&quot;\\&lt;&amp;$ &apos;%z'],
    ['HTML-escaped with &#x27;', 'ü&quot;\\&lt;&amp;$ &#x27;%z'],
    ['hexadecimal', 'c3bc225c3c26242027257a'],
    ['hexadecimal in upper case', 'C3BC225C3C26242027257A'],
    ['Base64', 'w7wiXDwmJCAnJXo='],
  ])('%s', (form, written) => {
    expect(findSecrets({ password: SECRET }, `before ${written} behind`)).toEqual([
      `password, ${form}, after "before "`,
    ]);
  });

  test.each(['', 'u', 'us', 'use', 'user:'])('Base64 behind %j and before more', (before) => {
    const encoded = Buffer.from(`${before}${SECRET}, and more`);
    expect(findSecrets({ password: SECRET }, encoded.toString('base64'))).toHaveLength(1);
    expect(findSecrets({ password: SECRET }, encoded.toString('base64url'))).toHaveLength(1);
  });
});

describe('what programs write is found', () => {
  test.each<[string, (secret: string) => string]>([
    ['JSON', (password) => JSON.stringify({ password })],
    ['JSON in JSON', (password) => JSON.stringify({ Cause: JSON.stringify({ password }) })],
    ['an object shown by node:util', (password) => inspect({ password })],
    ['a page of a report', (password) => html`<td title="${password}"></td>`.markup],
    [
      'the user information of a URL',
      (password) => new URL(`sftp://u:${encodeURIComponent(password)}@h/`).href,
    ],
    ['a query', (password) => new URL(`http://h/?p=${encodeURIComponent(password)}`).href],
    ['a basic authorization', (password) => Buffer.from(`partner:${password}`).toString('base64')],
    ['a buffer in JSON by hex', (password) => Buffer.from(password).toString('hex')],
  ])('%s', (_name, write) => {
    expect(findSecrets({ password: SECRET }, write(SECRET))).not.toEqual([]);
  });
});

test('ten characters of a longer secret are found, nine are not', () => {
  const secrets = { passphrase: `0123456789${SECRET}abcdefghij` };

  expect(findSecrets(secrets, '…zabcdefghi…')).toEqual(['passphrase, as it is, after "…"']);
  expect(findSecrets(secrets, 'abcdefghi')).toEqual([]);
});

test('each line of a private key is a secret, its frame is not', () => {
  const { private: key } = generateKeyPair();
  const lines = key.trim().split('\n');

  const secrets = secretLinesOf('key', key);

  expect(Object.values(secrets)).toEqual(lines.slice(1, -1));
  expect(findSecrets(secrets, `${lines[0]}${lines.at(-1)}`)).toEqual([]);
  expect(findSecrets(secrets, String(lines[2]).slice(30, 45))).toContain('key, line 2, as it is, after ""');
});

test('nothing is found where there is nothing', () => {
  expect(findSecrets({ password: SECRET }, 'the server refused the login (tried: password)')).toEqual([]);
});

test('a secret too short to be told from chance is refused', () => {
  expect(() => findSecrets({ password: 'hunter2' }, '')).toThrow(RangeError);
});
