import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import EXAMPLE from '../../config/example.json' with { type: 'json' };
import type { ServerCheckReport } from '../../doctor/report.ts';
import { startSftpServer } from '../../local/sftp-server/sftp-server.ts';
import { type FakeFunction, type FakeLambda, startFakeLambda } from '../support/aws/fake-lambda.ts';
import { type CommandResult, runCommand } from '../support/command-line.ts';
import { type FaultySftpServer, startFaultySftpServer } from '../support/sftp/faulty-sftp-server.ts';
import { countedAttempts } from '../support/sftp/server-record.ts';

const MIB = 1_048_576;
const PASSWORD = 'correct horse';
const HANDLER = join(import.meta.dirname, '../../lambdas/get-file-metadata/handler.ts');
const FUNCTION = 'sftp-to-s3-acme-get-file-metadata';
const RESERVE = 'sftp-to-s3-acme-reserve-sessions';
const RELEASE = 'sftp-to-s3-acme-release-sessions';
const ANSWERING = join(import.meta.dirname, '../support/aws/answering-handler.ts');
const HELD_AS = 'check 1 until 2026-11-27T03:00:00.000Z';

/** A function of the sessions that gives this answer. */
function answering(answer: object): FakeFunction {
  return { handlerFile: ANSWERING, environment: { ANSWER: JSON.stringify(answer) } };
}

const RELEASING = answering({ released: 4, free_after_seconds: 0 });
const GRANTING = {
  [RESERVE]: answering({ granted: 4, wanted: 4, held_as: HELD_AS, held_by: [] }),
  [RELEASE]: RELEASING,
};

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
async function deploy(
  password: string,
  {
    handlerFile = HANDLER,
    sessions = GRANTING,
  }: { handlerFile?: string; sessions?: Record<string, FakeFunction> } = {},
): Promise<FakeLambda> {
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
    { [FUNCTION]: { handlerFile, environment }, ...sessions },
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

/** What the partner's function was asked. */
function checksAsked(): unknown[] {
  return (lambda?.invocations ?? [])
    .filter(({ functionName }) => functionName === FUNCTION)
    .map(({ event }) => (event as { check: unknown }).check);
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
    {
      functionName: RESERVE,
      event: { execution_id: expect.any(String), check: { id: expect.any(String) }, wanted_sessions: 4 },
    },
    {
      functionName: FUNCTION,
      event: { check: { path: '/big.bin', file_size_bytes: 10 * 1024 ** 3, sessions: 4 } },
    },
    { functionName: RELEASE, event: { execution_id: HELD_AS } },
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
  expect(checksAsked()).toEqual([
    { folder: expect.objectContaining({ path: '/', exclude: ['*.txt'] }), after_proof: true, sessions: 4 },
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
  await deploy(PASSWORD, {
    handlerFile: join(import.meta.dirname, '../../lambdas/create-file-chunks/handler.ts'),
  });

  const result = await check(['acme']);

  expect(result.exitCode).toBe(4);
  expect(result.stderr).toContain(`${FUNCTION} failed: InvalidTransferRequestError: `);
});

test.each([
  ['a partner that is not deployed', ['globex'], 'there is no function sftp-to-s3-globex-get-file-metadata'],
  ['login options for a partner', ['acme', '--password-env', 'X'], '--password-env goes with a URL'],
  ['a selection for a partner', ['acme', '--include', '*.csv'], '--include goes with a URL'],
  ['a region for a URL', ['sftp://u@127.0.0.1:1/a', '--region', 'eu-west-1'], '--region goes with a partner'],
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

describe('the sessions of a check', () => {
  const execution = (name: string) =>
    `arn:aws:states:eu-central-1:123456789012:execution:sftp-to-s3-acme:${name}`;
  const NONE_FREE = {
    granted: 0,
    wanted: 4,
    held_as: HELD_AS,
    held_by: [execution('nightly'), 'check 2 until 2026-11-27T03:00:00.000Z', execution('b'), execution('c')],
  };
  const HOLDERS = 'served first: acme/nightly, another check, acme/b, 1 other';

  test('no more connections than were reserved', async () => {
    await deploy(PASSWORD, {
      sessions: {
        ...GRANTING,
        [RESERVE]: answering({ granted: 2, wanted: 4, held_as: HELD_AS, held_by: [] }),
      },
    });

    const result = await check(['acme']);

    expect(result).toMatchObject({ exitCode: 0, stderr: '' });
    expect(result.stdout).toContain('2 connections at a time; more were not tried: so many were free');
    expect(server.record.mostOpenConnections).toBe(2);
  });

  test('where none is free nobody logs in, and who has them is named', async () => {
    await deploy(PASSWORD, { sessions: { ...GRANTING, [RESERVE]: answering(NONE_FREE) } });

    const words = await check(['acme']);
    const json = await check(['acme', '--json']);

    expect(words).toMatchObject({ exitCode: 1, stdout: '' });
    expect(words.stderr).toMatch(/^SessionsInUseError: no session of the partner is free/m);
    expect(words.stderr).toContain(HOLDERS);
    expect(json.exitCode).toBe(1);
    expect(json.json()).toMatchObject({ status: 'FAILED', error: 'SessionsInUseError' });
    expect(checksAsked()).toEqual([]);
    expect(server.record.connections).toBe(0);
  });

  test('--one-more logs in once beside them, and says so', async () => {
    await deploy(PASSWORD, { sessions: { ...GRANTING, [RESERVE]: answering(NONE_FREE) } });

    const result = await check(['acme', '--one-more', '--json']);

    expect(result.exitCode).toBe(0);
    expect(result.json()).toMatchObject({ status: 'HEALTHY' });
    expect(result.stderr).toContain(`${HOLDERS}): it logs in once, beside the transfers that run`);
    expect(checksAsked()).toEqual([{ sessions: 1 }]);
    expect(server.record.mostOpenConnections).toBe(1);
  });

  test.each([
    ['may not be called', { ...RELEASING, refusedWith: 'AccessDeniedException' }, 'AccessDeniedException: '],
    ['fails', { handlerFile: ANSWERING, environment: { FAILS_WITH: 'no table' } }, 'Error: no table'],
  ])(
    'a function of the sessions that %s: one connection, with a warning',
    async (_name, reserving, reason) => {
      await deploy(PASSWORD, { sessions: { ...GRANTING, [RESERVE]: reserving } });

      const result = await check(['acme']);

      expect(result.exitCode).toBe(0);
      expect(result.stderr).toContain(`Nothing is reserved for this check (${reason}`);
      expect(result.stderr).toContain('it logs in once');
      expect(checksAsked()).toEqual([{ sessions: 1 }]);
    },
  );

  test('an older stack, which takes a check for an execution, gets it back at once, and checks as it did', async () => {
    const old = answering({ granted: 4, wanted: 4, ahead: 0, wait_seconds: 0 });
    await deploy(PASSWORD, { sessions: { ...GRANTING, [RESERVE]: old } });

    const result = await check(['acme']);

    expect(result.exitCode).toBe(0);
    expect(result.stderr).toContain('the stack is older than this command');
    const [asked, released] = lambda?.invocations ?? [];
    expect(released).toEqual({
      functionName: RELEASE,
      event: { execution_id: (asked as { event: { execution_id: string } }).event.execution_id },
    });
    expect(checksAsked()).toEqual([{}]);
  });

  test('a failed check gives its sessions back', async () => {
    await deploy('wrong battery');

    await check(['acme']);

    expect(lambda?.invocations.at(-1)).toEqual({ functionName: RELEASE, event: { execution_id: HELD_AS } });
  });
});
