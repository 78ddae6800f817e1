import { createPrivateKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { fingerprintOf, generateKeyPair } from '../../../../../local/sftp-server/host-key.ts';
import { parsePrivateKey } from '../../../../../sftp/connect/private-key/parse-private-key.ts';

const PASSPHRASE = 'pässphrase of a key';
const DATA = Buffer.from('what a server wants signed');

const KEYS: Readonly<Record<string, KeyObject>> = {
  rsa: generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey,
  'ecdsa 256': generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey,
  'ecdsa 384': generateKeyPairSync('ec', { namedCurve: 'P-384' }).privateKey,
  'ecdsa 521': generateKeyPairSync('ec', { namedCurve: 'P-521' }).privateKey,
  ed25519: generateKeyPairSync('ed25519').privateKey,
};
const encryption = { cipher: 'aes-256-cbc', passphrase: PASSPHRASE };
const pkcs8 = (key: KeyObject, more = {}) => key.export({ type: 'pkcs8', format: 'pem', ...more }).toString();
const ed25519 = pkcs8(KEYS.ed25519 as KeyObject);
const openSsh = generateKeyPair();
const traditional = (KEYS.rsa as KeyObject)
  .export({ type: 'pkcs1', format: 'pem', ...encryption })
  .toString();

/** The key object with which Node signs as the parsed key does. */
function expectSameKey(text: string, original: KeyObject, passphrase?: string): void {
  const parsed = parsePrivateKey(text, passphrase);
  const key = createPrivateKey(parsed.getPrivatePEM());
  expect(key.export({ format: 'jwk' })).toEqual(original.export({ format: 'jwk' }));
  expect(parsed.verify(DATA, parsed.sign(DATA))).toBe(true);
}

test.each(Object.entries(KEYS))('reads PKCS#8: %s', (_type, key) => {
  expectSameKey(pkcs8(key), key);
  expectSameKey(pkcs8(key, encryption), key, PASSPHRASE);
});

test('writes ed25519 keys that ssh2 reads, whatever their bytes are', () => {
  for (let n = 0; n < 300; n += 1) {
    const { privateKey } = generateKeyPairSync('ed25519');
    expectSameKey(pkcs8(privateKey), privateKey);
  }
});

/** What becomes of a key on its way into a secret. */
const WAYS: Readonly<Record<string, (text: string) => string>> = {
  'as it is': (text) => text,
  'no last line end': (text) => text.trimEnd(),
  CRLF: (text) => text.replaceAll('\n', '\r\n'),
  'CR alone': (text) => text.replaceAll('\n', '\r'),
  'a byte order mark': (text) => `\uFEFF${text}`,
  'UTF-16 that was read as UTF-8': (text) => Buffer.from(`\uFEFF${text}`, 'utf16le').toString('utf8'),
  'blanks for line ends': (text) => text.replaceAll('\n', ' '),
  'backslash n for line ends': (text) => text.replaceAll('\n', '\\n'),
  'the same, escaped twice': (text) => text.replaceAll('\n', '\\\\n'),
  'backslash r, backslash n for line ends': (text) => text.replaceAll('\n', '\\r\\n'),
  'indented lines': (text) => text.replaceAll(/^/gm, '    '),
  'empty lines between': (text) => text.replaceAll('\n', '\n\n'),
  'quotes around it': (text) => `"${text.replaceAll('\n', '\\n')}"`,
  'bag attributes of PKCS#12': (text) =>
    `Bag Attributes\n    friendlyName: partner\nKey Attributes: <No Attributes>\n${text}`,
  'a certificate before and after': (text) =>
    `-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n${text}-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n`,
  'lines of 4,000 characters before it': (text) => `${'x'.repeat(4_000)}\n${text}`,
  'base64 around the file': (text) => Buffer.from(text).toString('base64'),
};

describe.each(Object.entries(WAYS))('%s', (_way, change) => {
  test('in PKCS#8', () => expectSameKey(change(ed25519), KEYS.ed25519 as KeyObject));
  test('in OpenSSH’s form', () => {
    const parsed = parsePrivateKey(change(openSsh.private), undefined);
    expect(parsed.getPublicSSH()).toEqual(parsePrivateKey(openSsh.private, undefined).getPublicSSH());
    expect(fingerprintOf(openSsh.private)).toBe(fingerprintOf(openSsh.public));
  });
  test('encrypted, with the headers of OpenSSL', () =>
    expectSameKey(change(traditional), KEYS.rsa as KeyObject, PASSPHRASE));
});

const certificate = `ssh-ed25519-cert-v01@openssh.com ${'A'.repeat(40)} partner`;
const otherCurve = generateKeyPairSync('ec', { namedCurve: 'secp256k1' }).privateKey;
const putty = (version: number) =>
  `PuTTY-User-Key-File-${version}: ssh-ed25519\nEncryption: none\nComment: x\nPublic-Lines: 1\nAAAA\nPrivate-Lines: 1\nAAAA\nPrivate-MAC: 00`;

test.each<[string, string, string | undefined, string]>([
  ['nothing', ' \n', undefined, 'it is empty'],
  ['any text', 'hunter2', undefined, 'ssh-keygen -p -f KEY'],
  ['a public key', openSsh.public, undefined, 'it is a public key'],
  [
    'a public key of OpenSSL',
    '-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----',
    undefined,
    'it is a public key',
  ],
  ['a public key of RFC 4716', '---- BEGIN SSH2 PUBLIC KEY ----\nAAAA', undefined, 'it is a public key'],
  [
    'a user certificate',
    certificate,
    undefined,
    'it is a user certificate, which this product does not support yet',
  ],
  [
    'an X.509 certificate',
    '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----',
    undefined,
    'it is an X.509 certificate',
  ],
  [
    'the form of SSH.com',
    '---- BEGIN SSH2 ENCRYPTED PRIVATE KEY ----\nAAAA',
    undefined,
    'ssh-keygen -i -f KEY',
  ],
  ['a key that is cut off', ed25519.slice(0, 70), undefined, 'it is cut off or damaged'],
  ['a key with other characters', ed25519.replace(/\n..../, '\n????'), undefined, 'it is damaged'],
  [
    'a key without its first line',
    openSsh.private.split('\n').slice(1).join('\n'),
    undefined,
    'it lacks its first and last line',
  ],
  ['bytes', Buffer.from([0x30, 0x82, 0x04, 0xff, 0x00]).toString('utf8'), undefined, 'openssl pkcs12'],
  ['a damaged PuTTY key', putty(2), undefined, 'it is damaged, as its checksum shows'],
  ['a later version of PuTTY', putty(4), undefined, 'puttygen KEY -O private-openssh'],
  ['half a PuTTY key', putty(3).slice(0, 60), undefined, 'puttygen KEY -O private-openssh'],
  ['a curve that SSH does not have', pkcs8(otherCurve), undefined, 'a key of the type secp256k1'],
  [
    'an encrypted key alone',
    pkcs8(KEYS.rsa as KeyObject, encryption),
    undefined,
    'its passphrase must be given too',
  ],
  ['an encrypted key with another passphrase', traditional, 'another', 'its passphrase does not fit'],
])('says in one sentence what it cannot use: %s', (_case, text, passphrase, expected) => {
  const parse = () => parsePrivateKey(text, passphrase);

  expect(parse).toThrow(expect.objectContaining({ name: 'InvalidTransferRequestError', retryable: false }));
  expect(parse).toThrow(expected);
  try {
    parse();
  } catch (error) {
    const { message, cause } = error as Error;
    expect(cause).toBeUndefined();
    expect(message).not.toMatch(/hunter2|PRIVATE KEY|[A-Za-z0-9+/]{30}/);
  }
});

describe('another passphrase, by which once in 256 times the padding looks right,', () => {
  const sec1 = KEYS['ecdsa 256'] as KeyObject;
  const ecdsa = sec1.export({ type: 'sec1', format: 'pem', ...encryption }).toString();
  const forms: Readonly<Record<string, string>> = {
    'PKCS#1': traditional,
    'SEC 1': ecdsa,
    'PKCS#8': pkcs8(sec1, encryption),
    // ssh2 reads it, not Node. What is in it does not matter as long as it is not decrypted.
    'of DSA': ecdsa.replaceAll('EC PRIVATE', 'DSA PRIVATE'),
  };

  test.each(Object.entries(forms))('is told as such: %s', (_form, text) => {
    for (let n = 0; n < 1_500; n += 1) {
      expect(() => parsePrivateKey(text, `another ${n}`)).toThrow('its passphrase does not fit');
    }
  });
});
