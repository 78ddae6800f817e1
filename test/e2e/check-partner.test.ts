import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import EXAMPLE from '../../config/example.json' with { type: 'json' };
import type { ServerCheckReport } from '../../doctor/report.ts';
import { startSftpServer } from '../../local/sftp-server/sftp-server.ts';
import { type FakeLambda, startFakeLambda } from '../support/aws/fake-lambda.ts';
import { type CommandResult, runCommand } from '../support/command-line.ts';
import { type FaultySftpServer, startFaultySftpServer } from '../support/sftp/faulty-sftp-server.ts';
import { countedAttempts } from '../support/sftp/server-record.ts';

const MIB = 1_048_576;
const PASSWORD = 'correct horse';
const HANDLER = join(import.meta.dirname, '../../lambdas/get-file-metadata/handler.ts');
const FUNCTION = 'sftp-to-s3-acme-get-file-metadata';

let folder: string;
let server: FaultySftpServer;
let lambda: FakeLambda | undefined;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sftp-to-s3-check-partner-'));
  await writeFile(join(folder, 'big.bin'), randomBytes(2 * MIB));
});

beforeEach(async () => {
  server = await startFaultySftpServer({ rootDirectory: folder, username: 'us', password: PASSWORD });
});

afterEach(async () => {
  await lambda?.close();
  lambda = undefined;
  await server.close();
});

afterAll(() => rm(folder, { recursive: true, force: true }));

/** Deploys the partner's function with the environment that the stack gives it. */
async function deploy(password: string, handlerFile = HANDLER): Promise<FakeLambda> {
  const environment = {
    PARTNER_NAME: 'acme',
    SFTP_HOST: '127.0.0.1',
    SFTP_PORT: String(server.port),
    SFTP_HOST_KEY_FINGERPRINTS: JSON.stringify([server.hostKeyFingerprint]),
    SFTP_SECRET_ARN: 'arn:aws:secretsmanager:eu-central-1:123456789012:secret:sftp-to-s3/acme/sftp',
    EGRESS_ADDRESSES: JSON.stringify(['198.51.100.1', '198.51.100.2']),
    SFTP_ALLOWED_CIDRS: JSON.stringify(['127.0.0.0/8']),
    LANDING_BUCKET: 'landing',
    CHUNK_SIZE_BYTES: '52428800',
    MAX_CONCURRENCY: '8',
  };
  lambda = await startFakeLambda(
    { [FUNCTION]: { handlerFile, environment } },
    { Username: 'us', Password: password },
  );
  return lambda;
}

function check(args: readonly string[], configuration?: string): Promise<CommandResult> {
  return runCommand(['check', ...args, '--endpoint-url', String(lambda?.endpoint)], {
    ...(configuration !== undefined && { SFTP_TO_S3_CONFIG: configuration }),
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
  });
}

test('a partner is checked by its own function, with its own secret and pins', async () => {
  await deploy(PASSWORD);

  const result = await check(['acme', '--path', '/big.bin', '--file-size', '10GiB', '--json']);

  const report = result.json() as unknown as ServerCheckReport;
  expect(result).toMatchObject({ exitCode: 0, stderr: '' });
  expect(report).toMatchObject({ status: 'HEALTHY', server: `127.0.0.1:${server.port}` });
  expect(report.stages).toHaveLength(19);
  expect(report.recommendation).toMatchObject({ file_size_bytes: 10 * 1024 ** 3 });
  expect(lambda?.invocations).toEqual([
    { functionName: FUNCTION, event: { check: { path: '/big.bin', file_size_bytes: 10 * 1024 ** 3 } } },
  ]);
  expect(server.record.openConnections).toBe(0);
});

test("a folder of the partner is listed by the configuration's settings, and what may follow is tried", async () => {
  await deploy(PASSWORD);
  const [partner] = EXAMPLE.partners;
  const configuration = join(folder, '..', `${basename(folder)}.json`);
  const outbound = { name: 'daily', path: '/', exclude: ['*.txt'], maxFilesAtOnce: 2 };
  await writeFile(
    configuration,
    JSON.stringify({ ...EXAMPLE, partners: [{ ...partner, folders: [outbound] }] }),
  );

  const result = await check(['acme', '--folder', 'daily', '--after-proof', '--json'], configuration);
  const unknown = await check(['acme', '--folder', 'dayly'], configuration);

  await rm(configuration);
  const report = result.json() as unknown as ServerCheckReport;
  expect(report).toMatchObject({ status: 'HEALTHY' });
  expect(report.stages.find(({ stage }) => stage === 'listing')?.details).toMatchObject({
    entries: 1,
    outcomes: { copy: { count: 1, first: ['big.bin'] } },
  });
  // The embedded server takes no files; test/e2e/check-folder.openssh.test.ts has one that does.
  expect(report.stages.find(({ stage }) => stage === 'after-proof')?.summary).toContain(
    'no file may be made there',
  );
  expect(lambda?.invocations).toEqual([
    {
      functionName: FUNCTION,
      event: {
        check: { folder: expect.objectContaining({ path: '/', exclude: ['*.txt'] }), after_proof: true },
      },
    },
  ]);
  expect(unknown.exitCode).toBe(2);
  expect(unknown.stderr).toContain('"dayly" is not a folder of acme, which has daily');
});

test('a refused login: one attempt, our addresses in the message, no secret anywhere', async () => {
  await deploy('wrong battery');

  const result = await check(['acme']);

  expect(result.exitCode).toBe(1);
  expect(result.stdout).toMatch(/^FAILED {3}login /m);
  expect(result.stdout).toMatch(/^ {2}- from: +198\.51\.100\.1, 198\.51\.100\.2$/m);
  expect(countedAttempts(server.record)).toHaveLength(1);
  expect(result.stdout + result.stderr + String(lambda?.log())).not.toContain('wrong battery');
  expect(lambda?.log()).toContain('server checked');
});

test('a changed host key is a failure, not a key that awaits its first confirmation', async () => {
  await deploy(PASSWORD);
  await server.close();
  const { port } = server;
  const changed = await startSftpServer({ rootDirectory: folder, username: 'us', password: PASSWORD, port });

  const result = await check(['acme']);

  await changed.close();
  expect(result.exitCode).toBe(1);
  expect(result.stdout).toMatch(/^FAILED {3}host-key /m);
});

test('a state machine’s ARN names the partner as well', async () => {
  await deploy(PASSWORD);

  const result = await check(['arn:aws:states:eu-central-1:123456789012:stateMachine:sftp-to-s3-acme']);

  expect(result.exitCode).toBe(0);
  expect(result.stdout).toMatch(/^skipped {2}read-start +no path was given$/m);
});

test('a function that knows no check yet', async () => {
  await deploy(PASSWORD, join(import.meta.dirname, '../../lambdas/create-file-chunks/handler.ts'));

  const result = await check(['acme']);

  expect(result.exitCode).toBe(4);
  expect(result.stderr).toContain(`${FUNCTION} failed: InvalidTransferRequestError: `);
});

test.each([
  ['a partner that is not deployed', ['globex'], 'there is no function sftp-to-s3-globex-get-file-metadata'],
  ['login options for a partner', ['acme', '--password-env', 'X'], 'such options go with a URL'],
  ['an unknown partner', ['acne'], 'is not a partner of '],
  ['a path beside a URL', ['sftp://us@127.0.0.1/a', '--path', '/b'], 'the path is part of the URL'],
  ['a path that is none', ['acme', '--path', ''], 'it must name a file'],
])('%s is a usage error', async (_name, args, reason) => {
  await deploy(PASSWORD);

  const result = await check(args);

  expect(result.exitCode).toBe(2);
  expect(result.stderr).toContain(reason);
  expect(lambda?.invocations).toEqual([]);
});
