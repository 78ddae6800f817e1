import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import ssh2 from 'ssh2';
import type { ServerCheckReport } from '../../doctor/report.ts';
import { createLoginCheck } from '../../local/sftp-server/login.ts';
import { type CommandResult, runCommand } from '../support/command-line.ts';
import { holdClosedPort } from '../support/network/closed-port.ts';
import { startTcpProxy } from '../support/network/tcp-proxy.ts';
import { refuseEveryone } from '../support/sftp/faulty-login.ts';
import { type FaultySftpServer, startFaultySftpServer } from '../support/sftp/faulty-sftp-server.ts';
import { countedAttempts, sawNoCredentials } from '../support/sftp/server-record.ts';

const USERNAME = 'partner';
const PASSWORD = 'correct horse';
const MIB = 1_048_576;

let folder: string;
let server: FaultySftpServer;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sftp-to-s3-check-'));
  await writeFile(join(folder, 'big file.bin'), randomBytes(3 * MIB));
  await mkdir(join(folder, 'folder'));
});

beforeEach(async () => {
  server = await startFaultySftpServer({ rootDirectory: folder, username: USERNAME, password: PASSWORD });
});

afterEach(() => server.close());
afterAll(() => rm(folder, { recursive: true, force: true }));

interface CheckOptions {
  port?: number;
  path?: string;
  more?: string[];
  password?: string;
}

/** Checks the server with its key pinned and the password given, unless the options say otherwise. */
function check(options: CheckOptions = {}): Promise<CommandResult> {
  const { port = server.port, path = '/big%20file.bin', password = PASSWORD } = options;
  const more = options.more ?? ['--host-key', server.hostKeyFingerprint];
  const url = `sftp://${USERNAME}@127.0.0.1:${port}${path}`;
  return runCommand(['check', url, '--password-env', 'SFTP_PASSWORD', '--json', ...more], {
    SFTP_PASSWORD: password,
  });
}

function reportOf(result: CommandResult): ServerCheckReport {
  expect(result.stderr).toBe('');
  return result.json() as unknown as ServerCheckReport;
}

function verdicts(report: ServerCheckReport): Record<string, string> {
  return Object.fromEntries(report.stages.map(({ stage, verdict }) => [stage, verdict]));
}

test('a healthy server: every stage is ok, and settings are recommended', async () => {
  const result = await check({ more: ['--host-key', server.hostKeyFingerprint, '--file-size', '10GiB'] });

  const report = reportOf(result);
  expect(result.exitCode).toBe(0);
  expect(report).toMatchObject({ status: 'HEALTHY', server: `127.0.0.1:${server.port}`, failure: null });
  expect(report.stages).toHaveLength(19);
  expect(new Set(Object.values(verdicts(report)))).toEqual(new Set(['ok']));
  expect(report.stages.find(({ stage }) => stage === 'stat')?.details).toMatchObject({
    size_bytes: 3 * MIB,
  });
  expect(report.recommendation).toMatchObject({ file_size_bytes: 10 * 1024 ** 3, max_concurrency: 4 });
  expect(server.record.mostOpenConnections).toBe(4);
  expect(server.record.openConnections).toBe(0);
});

test('a refused port: the partner, with what to ask for', async () => {
  const closed = await holdClosedPort();

  const result = await check({ port: closed.port });
  await closed.release();

  const report = reportOf(result);
  expect(result.exitCode).toBe(1);
  expect(verdicts(report)).toEqual({ configuration: 'ok', dns: 'ok', tcp: 'failed' });
  expect(report.failure).toMatchObject({ stage: 'tcp', error: 'SftpConnectionError', fault: 'partner' });
  expect(report.failure?.message_to_partner).toContain('does your firewall allow the addresses above?');
});

test('silence before the banner: the partner, within the time that was given', async () => {
  const line = await startTcpProxy({
    targetPort: server.port,
    faultOf: () => ({ afterBytes: 0, how: 'stall' }),
  });

  const result = await check({
    port: line.port,
    more: ['--host-key', server.hostKeyFingerprint, '--connect-timeout', '1', '--login-timeout', '1'],
  });
  await line.close();

  const report = reportOf(result);
  expect(verdicts(report)).toEqual({ configuration: 'ok', dns: 'ok', tcp: 'ok', banner: 'failed' });
  expect(report.failure).toMatchObject({ stage: 'banner', fault: 'partner' });
  expect(report.stages.at(-1)?.milliseconds).toBeGreaterThan(900);
  expect(report.stages.at(-1)?.milliseconds).toBeLessThan(5_000);
});

test('a connection that ends before the banner is tried again, and is a warning', async () => {
  server.faults.loseBeforeHandshake = (connectionNumber) => connectionNumber === 1;

  const report = reportOf(await check());

  expect(report.status).toBe('HEALTHY');
  expect(verdicts(report)).toMatchObject({ banner: 'warning', login: 'ok' });
});

test('another host key: nothing of the login is sent', async () => {
  const other = `SHA256:${'x'.repeat(43)}`;

  const result = await check({ more: ['--host-key', other] });

  const report = reportOf(result);
  expect(result.exitCode).toBe(1);
  expect(report.failure).toMatchObject({
    stage: 'host-key',
    error: 'HostKeyMismatchError',
    fault: 'partner',
  });
  expect(report.stages.at(-1)?.details).toEqual({ offered: server.hostKeyFingerprint, pinned: [other] });
  expect(sawNoCredentials(server.record)).toBe(true);
});

test('no host key given: it shows the offered one, sends nothing, and exits 3', async () => {
  const result = await check({ more: [] });

  const report = reportOf(result);
  expect(result.exitCode).toBe(3);
  expect(report.failure).toMatchObject({ stage: 'host-key', fault: 'ours' });
  expect(report.failure?.sentence).toContain(`--host-key ${server.hostKeyFingerprint}`);
  expect(sawNoCredentials(server.record)).toBe(true);
});

test.each([
  [[], '0 pinned host keys, no credentials given'],
  [['--password-env', 'SFTP_PASSWORD'], '0 pinned host keys, password'],
])('the first stage says what was given: %j', async (options, summary) => {
  const url = `sftp://${USERNAME}@127.0.0.1:${server.port}/`;
  const result = await runCommand(['check', url, '--json', ...options], { SFTP_PASSWORD: PASSWORD });

  expect(reportOf(result).stages[0]?.summary).toBe(summary);
  expect(result.exitCode).toBe(3);
});

test('a wrong password: one attempt, and the password is nowhere to be seen', async () => {
  const result = await check({ password: 'wrong battery' });

  const report = reportOf(result);
  expect(result.exitCode).toBe(1);
  expect(report.failure).toMatchObject({ stage: 'login', error: 'SftpAuthenticationError', fault: 'ours' });
  expect(countedAttempts(server.record)).toHaveLength(1);
  expect(server.record.connections).toBe(1);
  expect(result.stdout).not.toContain('wrong battery');
  expect(report.failure?.message_to_partner).not.toContain(USERNAME);
});

test('a server that refuses the second login at a time is not asked a third time', async () => {
  const checkLogin = createLoginCheck({ username: USERNAME, password: PASSWORD });
  const logins = new Set<unknown>();
  server.faults.login = (attempt, connection) => {
    logins.add(connection);
    if (logins.size === 1) checkLogin(attempt);
    else refuseEveryone(attempt, connection);
  };

  const report = reportOf(await check());

  expect(report.status).toBe('HEALTHY');
  expect(report.stages.find(({ stage }) => stage === 'connections')).toMatchObject({
    verdict: 'warning',
    details: { opened: 1, tried: 4, refusal: 'SftpAuthenticationError' },
  });
  expect(server.record.connections).toBe(2);
  expect(report.recommendation?.max_concurrency).toBe(1);
});

test('a server with two sessions a connection: a warning, and everything works', async () => {
  server.faults.maxSessions = 2;

  const report = reportOf(await check());

  expect(report.status).toBe('HEALTHY');
  expect(verdicts(report)).toMatchObject({ 'throughput-many-channels': 'ok', channels: 'warning' });
  expect(report.stages.find(({ stage }) => stage === 'channels')?.details).toEqual({ opened: 2, tried: 8 });
});

test('old algorithms: what the server offers, and which setting would help', async () => {
  await server.close();
  server = await startFaultySftpServer({
    rootDirectory: folder,
    username: USERNAME,
    password: PASSWORD,
    algorithms: { kex: ['diffie-hellman-group14-sha1'] },
  });

  const refused = reportOf(await check());
  const allowed = await check({
    more: ['--host-key', server.hostKeyFingerprint, '--legacy-algorithm', 'diffie-hellman-group14-sha1'],
  });

  expect(refused.failure).toMatchObject({ stage: 'algorithms', fault: 'partner' });
  expect(refused.failure?.sentence).toContain('--legacy-algorithm): diffie-hellman-group14-sha1');
  expect(verdicts(reportOf(allowed))).toMatchObject({ algorithms: 'warning', connections: 'ok' });
});

test.each([['a missing file', '/nothing.bin', 'stat', 'SourceNotFoundError']])(
  '%s: ours',
  async (_name, path, stage, error) => {
    const result = await check({ path });

    expect(result.exitCode).toBe(1);
    expect(reportOf(result).failure).toMatchObject({ stage, error, fault: 'ours' });
  },
);

test('a file that is still being written: the partner', async () => {
  await writeFile(join(folder, 'growing.bin'), randomBytes(3 * MIB));
  server.faults.midTransfer = [{ afterBytes: 2 * MIB, what: 'grow', byBytes: 1_000 }];

  const report = reportOf(await check({ path: '/growing.bin' }));

  expect(report.failure).toMatchObject({ stage: 'read-end', error: 'SourceChangedError', fault: 'partner' });
  expect(report.failure?.message_to_partner).toContain('rename it when it is complete');
});

test('a URL without a path is checked up to the folder of the login', async () => {
  const report = reportOf(await check({ path: '' }));

  expect(report.status).toBe('HEALTHY');
  expect(verdicts(report)).toMatchObject({ stat: 'ok', 'read-start': 'skipped', connections: 'ok' });
  expect(report.recommendation).toBeNull();
});

test('people get one line a stage, whose fault it is, and what to send', async () => {
  const url = `sftp://${USERNAME}@127.0.0.1:${server.port}/nothing.bin`;
  const args = ['check', url, '--host-key', server.hostKeyFingerprint, '--password-env', 'SFTP_PASSWORD'];

  const { stdout, exitCode } = await runCommand(args, { SFTP_PASSWORD: PASSWORD });

  expect(exitCode).toBe(1);
  expect(stdout).toMatch(/^ok {7}configuration +\d+ ms {2}1 pinned host key, password$/m);
  expect(stdout).toMatch(/^FAILED {3}stat +\d+ ms {2}SourceNotFoundError: /m);
  expect(stdout).toMatch(/^Whose fault: ours\.$/m);
  expect(stdout).toMatch(/^If ours is right, ask the partner:$/m);
  expect(stdout).toMatch(/^ {2}Subject: SFTP file not found or not readable: 127\.0\.0\.1 port \d+$/m);
  expect(stdout).toMatch(/^ {2}- as: {9}\(fill in: our user name\)$/m);
  expect(stdout).not.toContain(PASSWORD);
});

test('a key that cannot be used is our own configuration: the server hears nothing', async () => {
  const keyFile = join(folder, 'encrypted-key');
  const { private: key } = ssh2.utils.generateKeyPairSync('ed25519', {
    passphrase: 'open sesame',
    cipher: 'aes256-cbc',
    rounds: 1,
  });
  await writeFile(keyFile, key);

  const report = reportOf(
    await check({ more: ['--host-key', server.hostKeyFingerprint, '--identity-file', keyFile] }),
  );

  expect(report.failure).toMatchObject({ stage: 'configuration', fault: 'ours', message_to_partner: null });
  expect(server.record.connections).toBe(0);
});
