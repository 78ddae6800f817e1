import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type EmbeddedSftpServer, startSftpServer } from '../../local/sftp-server/sftp-server.ts';
import { CREDENTIALS } from '../support/aws/deployed-partners.ts';
import { type FakeAws, startFakeAws } from '../support/aws/fake-aws.ts';
import { runCommand } from '../support/command-line.ts';

const PASSWORD = 'correct horse';
const SECRET_ID = 'files/initech/sftp';

let root: string;
let file: string;
let server: EmbeddedSftpServer;
let aws: FakeAws;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'sftp-to-s3-onboarding-'));
  await mkdir(join(root, 'sftp'));
  server = await startSftpServer({ rootDirectory: join(root, 'sftp'), username: 'ours', password: PASSWORD });
  aws = await startFakeAws();
});

beforeEach(async () => {
  file = join(root, 'config.json');
  const partner = {
    name: 'globex',
    host: 'sftp.globex.example',
    hostKeyFingerprints: [`SHA256:${'x'.repeat(43)}`],
    allowedCidrs: ['192.0.2.0/24'],
  };
  await writeFile(file, JSON.stringify({ name: 'files', region: 'eu-west-1', partners: [partner] }, null, 2));
  aws.secrets.set(SECRET_ID, []);
});

afterAll(async () => {
  await server?.close();
  await aws?.close();
  await rm(root, { recursive: true, force: true });
});

const run = (args: string[], environment = {}) =>
  runCommand(args, { ...CREDENTIALS, SFTP_TO_S3_CONFIG: file, ...environment });
const onboard = (...more: string[]) =>
  run(['onboard', 'initech', `sftp://ours@127.0.0.1:${server.port}/big.zip`, ...more]);
const secret = (password: string, ...more: string[]) =>
  run(
    ['secret', 'initech', '--user', 'ours', '--password-env', 'P', '--endpoint-url', aws.endpoint, ...more],
    { P: password },
  );

test('a partner is added, its secret stored after a login, and no value is shown', async () => {
  const added = await onboard('--host-key', server.hostKeyFingerprint, '--cron', 'cron(30 3 * * ? *)');
  const sound = await run(['validate', '--json']);
  const stored = await secret(PASSWORD);

  expect(added).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('Subject: SFTP downloads') });
  expect(added.stderr).toContain('The server offers the key that you were given');
  expect(sound.json()).toMatchObject({ status: 'SUCCEEDED', mistakes: [] });
  expect(stored).toMatchObject({
    exitCode: 0,
    stdout: expect.stringContaining('Username, Password (version version-1)'),
  });
  expect(JSON.parse(aws.secrets.get(SECRET_ID)?.[0]?.text ?? '')).toEqual({
    Username: 'ours',
    Password: PASSWORD,
  });
  for (const { stdout, stderr } of [added, stored]) expect(stdout + stderr).not.toContain(PASSWORD);
});

test('a login that is refused is not stored', async () => {
  await onboard('--host-key', server.hostKeyFingerprint);

  const refused = await secret('wrong battery');

  expect(refused.exitCode).toBe(1);
  expect(refused.stderr).toContain('Nothing was stored.\nSftpAuthenticationError:');
  expect(refused.stdout + refused.stderr).not.toContain('battery');
  expect(aws.secrets.get(SECRET_ID)).toEqual([]);
});

test('--no-login stores it untried', async () => {
  await onboard('--host-key', server.hostKeyFingerprint);

  expect(await secret('wrong battery', '--no-login')).toMatchObject({ exitCode: 0 });
  expect(aws.secrets.get(SECRET_ID)).toHaveLength(1);
});

test('where the server offers another key, nothing is written: exit 3', async () => {
  const before = await readFile(file, 'utf8');

  const result = await onboard('--host-key', `SHA256:${'y'.repeat(43)}`);

  expect(result.exitCode).toBe(3);
  expect(result.stderr).toContain(`offered:  ${server.hostKeyFingerprint}`);
  expect(await readFile(file, 'utf8')).toBe(before);
});

test('without a fingerprint and without a terminal it says what to give, and shows no key', async () => {
  const result = await onboard();

  expect(result.exitCode).toBe(2);
  expect(result.stderr).toContain('give --host-key: there is no terminal to ask on');
  expect(result.stderr).not.toContain(server.hostKeyFingerprint);
});

test('validate prints every mistake at once, each once: exit 2', async () => {
  const raw = JSON.parse(await readFile(file, 'utf8')) as { partners: object[] };
  await writeFile(file, JSON.stringify({ ...raw, region: 'eu-wst-1', colour: 'red' }));

  const people = await run(['validate', file]);
  const machine = await run(['validate', file, '--json']);

  expect(people).toMatchObject({ exitCode: 2, stdout: '' });
  expect(people.stderr).toContain('has 2 mistakes:\n');
  expect(people.stderr).toContain('did you mean eu-west-1?');
  expect(machine).toMatchObject({ exitCode: 2, stderr: '' });
  expect(machine.json()).toMatchObject({
    status: 'FAILED',
    mistakes: [{ setting: 'region' }, { setting: 'colour' }],
  });
});
