import ssh2 from 'ssh2';
import { generateKeyPair } from '../../../local/sftp-server/host-key.ts';
import type { SftpCredentials } from '../../../sftp/settings.ts';
import {
  dropAtCredential,
  keyThenPassword,
  keyThenQuestion,
  type LoginBehaviour,
  passwordExpired,
  passwordOrQuestion,
  questionOnly,
  questionThenCode,
  refuseEveryone,
} from '../../support/sftp/faulty-login.ts';
import { type FaultySftpServer, startFaultySftpServer } from '../../support/sftp/faulty-sftp-server.ts';
import { connectError, PASSWORD, sourceOf, USERNAME, useOnce } from '../../support/sftp/partner.ts';
import { countedAttempts } from '../../support/sftp/server-record.ts';
import { temporaryDirectory } from '../../support/temporary-directory.ts';

const PASSPHRASE = 'passphrase-of-the-key';
const key = generateKeyPair({
  passphrase: PASSPHRASE,
  cipher: 'aes256-cbc',
  rounds: 4,
});
const otherKey = generateKeyPair().private;
const rsaKey = ssh2.utils.generateKeyPairSync('rsa', { bits: 2048 });

const password: SftpCredentials = { username: USERNAME, password: PASSWORD };
const encryptedKey: SftpCredentials = {
  username: USERNAME,
  privateKey: key.private,
  privateKeyPassphrase: PASSPHRASE,
};
const both: SftpCredentials = { ...password, ...encryptedKey };

const directory = temporaryDirectory();
let server: FaultySftpServer;

async function serve(login?: LoginBehaviour, publicKey = key.public): Promise<void> {
  server = await startFaultySftpServer({
    rootDirectory: directory,
    username: USERNAME,
    password: PASSWORD,
    publicKey,
    faults: { ...(login && { login }) },
  });
}
afterEach(() => server.close());

const source = (credentials: SftpCredentials) => sourceOf(server, { credentials: async () => credentials });
const methods = () => countedAttempts(server.record).map(({ method }) => method);

describe('logs in', () => {
  test.each<[string, LoginBehaviour | undefined, SftpCredentials, string[]]>([
    ['with a password', undefined, password, ['password']],
    ['with an encrypted key', undefined, encryptedKey, ['publickey']],
    ['with a key and then the password', keyThenPassword, both, ['publickey', 'password']],
    ['with a key and then a question', keyThenQuestion, both, ['publickey', 'keyboard-interactive']],
    ['with the answer to a question', questionOnly, password, ['keyboard-interactive']],
    ['with the password where a question would do too', passwordOrQuestion, password, ['password']],
  ])('%s', async (_case, login, credentials, expected) => {
    await serve(login);
    await expect(useOnce(source(credentials))).resolves.toBe('/');
    expect(methods()).toEqual(expected);
    expect(server.record.connections).toBe(1);
  });

  test('with an RSA key, signed with SHA-2', async () => {
    await serve(undefined, rsaKey.public);
    await expect(useOnce(source({ username: USERNAME, privateKey: rsaKey.private }))).resolves.toBe('/');
  });

  test('with a plain key, in one round trip', async () => {
    const plain = generateKeyPair();
    await serve(undefined, plain.public);
    await expect(useOnce(source({ username: USERNAME, privateKey: plain.private }))).resolves.toBe('/');
    expect(server.record.attempts).toEqual([
      expect.objectContaining({ method: 'publickey', credentialBytes: expect.any(Number) }),
    ]);
    expect(methods()).toEqual(['publickey']);
  });
});

describe('is refused after one attempt', () => {
  test.each<[string, LoginBehaviour | undefined, SftpCredentials, string[]]>([
    ['with a wrong password', undefined, { username: USERNAME, password: 'wrong' }, ['password']],
    [
      'with a wrong password, though a question is open',
      passwordOrQuestion,
      { username: USERNAME, password: 'wrong' },
      ['password'],
    ],
    [
      'with a wrong answer',
      questionOnly,
      { username: USERNAME, password: 'wrong' },
      ['keyboard-interactive'],
    ],
    ['with a wrong user', undefined, { username: 'nobody', password: PASSWORD }, ['password']],
    ['where nobody gets in', refuseEveryone, password, ['password']],
    ['where the connection is dropped instead', dropAtCredential, password, ['password']],
    ['where the password has expired', passwordExpired, password, ['password']],
    ['where a second question follows', questionThenCode, password, ['keyboard-interactive']],
  ])('%s', async (_case, login, credentials, expected) => {
    await serve(login);
    const error = await connectError(source(credentials));
    expect(error.name).toBe('SftpAuthenticationError');
    expect(error).toMatchObject({ retryable: false });
    expect(methods()).toEqual(expected);
    expect(server.record.connections).toBe(1);
  });

  test('with a key that the server does not know, which is then not signed, and a wrong password', async () => {
    await serve();
    await connectError(source({ username: USERNAME, privateKey: otherKey, password: 'wrong' }));
    expect(methods()).toEqual(['password']);
  });

  test('with a key that the server does not know', async () => {
    await serve();
    const error = await connectError(source({ username: USERNAME, privateKey: otherKey }));
    expect(error.name).toBe('SftpAuthenticationError');
    expect(server.record.attempts.map(({ method }) => method)).toEqual(['publickey']);
  });
});

test('a refusal names what was tried and what the server takes', async () => {
  await serve();
  const error = await connectError(source({ username: USERNAME, password: 'wrong-secret' }));
  expect(error.message).toContain(`127.0.0.1:${server.port} refused the login`);
  expect(error.message).toContain('tried: password; the server accepts: publickey, password');
});

test('a question without an answer is quoted', async () => {
  await serve(questionThenCode);
  await expect(connectError(source(password))).resolves.toMatchObject({
    message: expect.stringContaining('Code:'),
  });
});

describe('does not connect at all', () => {
  test.each<[string, SftpCredentials, string]>([
    ['with a broken key', { username: USERNAME, privateKey: 'no key' }, 'ssh-keygen -p -f KEY'],
    ['with a public key', { username: USERNAME, privateKey: key.public }, 'it is a public key'],
    [
      'with an encrypted key and no passphrase',
      { username: USERNAME, privateKey: key.private },
      'passphrase',
    ],
    [
      'with a wrong passphrase',
      { ...encryptedKey, privateKeyPassphrase: 'wrong' },
      'its passphrase does not fit',
    ],
    ['with neither password nor key', { username: USERNAME }, 'it needs a password, a private key, or both'],
    ['without a user', { username: '', password: PASSWORD }, 'the user name is "", but it must not be empty'],
  ])('%s', async (_case, credentials, expected) => {
    await serve();
    const error = await connectError(source(credentials));
    expect(error.name).toBe('InvalidTransferRequestError');
    expect(error.message).toContain(expected);
    expect(server.record.connections).toBe(0);
  });
});

test.each<[string, LoginBehaviour | undefined, SftpCredentials]>([
  ['a refused password', refuseEveryone, password],
  ['a wrong passphrase', undefined, { ...both, privateKeyPassphrase: `${PASSPHRASE}-not` }],
  ['a dropped connection', dropAtCredential, both],
  ['an unanswered question', questionThenCode, both],
])('the error of %s shows no secret', async (_case, login, credentials) => {
  await serve(login);
  const error = await connectError(source(credentials));
  const shown = [error, error.cause]
    .map((one) => `${one} ${JSON.stringify(one)} ${(one as Error)?.stack}`)
    .join();
  expect(shown).not.toContain(PASSWORD);
  expect(shown).not.toContain(PASSPHRASE);
  expect(shown).not.toContain('PRIVATE KEY');
});
