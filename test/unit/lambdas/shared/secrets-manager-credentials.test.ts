import type { GetSecretValueCommand } from '@aws-sdk/client-secrets-manager';
import { SecretsManagerCredentials } from '../../../../lambdas/shared/secrets-manager-credentials.ts';

const never = new AbortController().signal;
const ARN = 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:acme';
const SECRET_WORD = 'hunter2-the-secret';

type Answer = { SecretString?: string; VersionId?: string } | Error;

/** A Secrets Manager that holds these versions, by stage or id; counts the calls for each. */
function secretsManager(versions: Partial<Record<string, Answer>>) {
  const calls: string[] = [];
  const client = {
    async send(command: GetSecretValueCommand) {
      const stage = command.input.VersionStage ?? command.input.VersionId ?? '';
      expect(command.input.SecretId).toBe(ARN);
      calls.push(stage);
      const answer = versions[stage] ?? awsError('ResourceNotFoundException');
      if (answer instanceof Error) throw answer;
      return answer;
    },
  } as unknown as ConstructorParameters<typeof SecretsManagerCredentials>[0];
  return { client, calls };
}

function awsError(name: string): Error {
  return Object.assign(new Error(`${name} from AWS`), { name });
}

const json = (value: unknown): Answer => ({ SecretString: JSON.stringify(value) });
const current = (answer: Answer) =>
  new SecretsManagerCredentials(secretsManager({ AWSCURRENT: answer }).client, ARN).current(never);

test.each([
  ['a password', { Username: 'u', Password: 'p' }, { username: 'u', password: 'p' }],
  ['a key', { Username: 'u', PrivateKey: 'k' }, { username: 'u', privateKey: 'k' }],
  [
    'everything, and keys that are not ours',
    { Username: 'u', Password: 'p', PrivateKey: 'k', PrivateKeyPassphrase: 's', HostKey: 'x' },
    { username: 'u', password: 'p', privateKey: 'k', privateKeyPassphrase: 's' },
  ],
])('reads a secret with %s', async (_case, secret, expected) => {
  await expect(current(json(secret))).resolves.toEqual(expected);
});

describe('a malformed secret is named by its key, and never shown', () => {
  test.each<[string, Answer, string]>([
    ['no JSON', { SecretString: `password=${SECRET_WORD}` }, 'it must be JSON'],
    ['no object', json([SECRET_WORD]), 'the JSON of the secret'],
    ['no user', json({ Password: SECRET_WORD }), 'there is no Username; the secret has: Password'],
    [
      'keys in lower case',
      json({ username: SECRET_WORD, password: SECRET_WORD }),
      'there is no Username; the secret has: username, password',
    ],
    ['a value in the place of a key', json({ [SECRET_WORD]: '' }), 'the secret has: 1 of other names'],
    ['nothing at all', json({}), 'there is no Username; the secret has: nothing'],
    ['an empty user', json({ Username: '', Password: SECRET_WORD }), 'Username of the secret'],
    ['a password that is a number', json({ Username: SECRET_WORD, Password: 1 }), 'Password of the secret'],
    ['an empty password', json({ Username: SECRET_WORD, Password: '' }), 'it must not be empty'],
    [
      'neither password nor key',
      json({ Username: SECRET_WORD }),
      'there is no Password and no PrivateKey; the secret has: Username',
    ],
    ['no text', {}, 'it must hold text, not binary'],
  ])('%s', async (_case, answer, expected) => {
    const error: Error = await current(answer).then(
      () => new Error('no error'),
      (thrown) => thrown,
    );
    expect(error.name).toBe('InvalidTransferRequestError');
    expect(error.message).toContain(expected);
    expect(error.message).toContain(ARN);
    expect(`${error.stack}${JSON.stringify(error)}${error.cause}`).not.toContain(SECRET_WORD);
  });
});

test.each([
  ['ResourceNotFoundException', 'InvalidTransferRequestError', 'an operator must have put a value into it'],
  ['AccessDeniedException', 'InvalidTransferRequestError', 'must be allowed to read it'],
  ['DecryptionFailure', 'InvalidTransferRequestError', 'KMS key'],
  ['ThrottlingException', 'SftpConnectionError', 'ThrottlingException'],
  ['InternalServiceError', 'SftpConnectionError', 'InternalServiceError'],
  ['TimeoutError', 'SftpConnectionError', 'TimeoutError'],
])('%s is a %s', async (awsName, name, message) => {
  await expect(current(awsError(awsName))).rejects.toThrow(
    expect.objectContaining({ name, message: expect.stringContaining(message) }),
  );
});

test('reads the present version each time, since it may have been rotated', async () => {
  const versions: Partial<Record<string, Answer>> = { AWSCURRENT: json({ Username: 'u', Password: 'p' }) };
  const credentials = new SecretsManagerCredentials(secretsManager(versions).client, ARN);
  await expect(credentials.current(never)).resolves.toEqual({ username: 'u', password: 'p' });
  versions.AWSCURRENT = json({ Username: 'u', Password: 'new' });
  await expect(credentials.current(never)).resolves.toEqual({ username: 'u', password: 'new' });
});

test('says which version it read', async () => {
  const secret = { SecretString: JSON.stringify({ Username: 'u', Password: 'p' }), VersionId: 'version-7' };
  await expect(current(secret)).resolves.toMatchObject({ secretVersionId: 'version-7' });
});

test('reads a version by its id once, and gives the same object, so that its key is decrypted once', async () => {
  const version = (password: string, id: string): Answer => ({
    SecretString: JSON.stringify({ Username: 'u', Password: password }),
    VersionId: id,
  });
  const { client, calls } = secretsManager({ one: version('first', 'one'), two: version('second', 'two') });
  const credentials = new SecretsManagerCredentials(client, ARN);
  const first = await credentials.version('one', never);
  expect(first).toEqual({ username: 'u', password: 'first', secretVersionId: 'one' });
  expect(await credentials.version('one', never)).toBe(first);
  expect(calls).toEqual(['one']);
  await expect(credentials.version('two', never)).resolves.toMatchObject({ password: 'second' });
});

test('remembers no failure', async () => {
  const versions: Partial<Record<string, Answer>> = { AWSCURRENT: awsError('ThrottlingException') };
  const credentials = new SecretsManagerCredentials(secretsManager(versions).client, ARN);
  await expect(credentials.current(never)).rejects.toThrow('ThrottlingException');
  versions.AWSCURRENT = json({ Username: 'u', Password: 'p' });
  await expect(credentials.current(never)).resolves.toEqual({ username: 'u', password: 'p' });
});

describe('the version before the rotation', () => {
  test('is read when there is one', async () => {
    const { client } = secretsManager({
      AWSCURRENT: json({ Username: 'u', Password: 'new' }),
      AWSPREVIOUS: json({ Username: 'u', Password: 'old' }),
    });
    const credentials = new SecretsManagerCredentials(client, ARN);
    await expect(credentials.previous(never)).resolves.toEqual({ username: 'u', password: 'old' });
  });
  test('is none when it holds the same login: what was refused once would be refused again', async () => {
    const { client } = secretsManager({
      AWSCURRENT: json({ Username: 'u', Password: 'p', HostKey: 'another' }),
      AWSPREVIOUS: json({ Username: 'u', Password: 'p' }),
    });
    await expect(new SecretsManagerCredentials(client, ARN).previous(never)).resolves.toBeUndefined();
  });
  test('may not exist', async () => {
    const credentials = new SecretsManagerCredentials(secretsManager({}).client, ARN);
    await expect(credentials.previous(never)).resolves.toBeUndefined();
  });
  test('may not be readable, which is no absence', async () => {
    const { client } = secretsManager({ AWSPREVIOUS: awsError('AccessDeniedException') });
    await expect(new SecretsManagerCredentials(client, ARN).previous(never)).rejects.toThrow(
      'allowed to read it',
    );
  });
});
