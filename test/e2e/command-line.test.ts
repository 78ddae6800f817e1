import { createHash, randomBytes } from 'node:crypto';
import { truncateSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type EmbeddedSftpServer, startSftpServer } from '../../local/sftp-server/sftp-server.ts';
import { runCommand } from '../support/command-line.ts';
import { type LandingStore, startLandingStore } from '../support/s3/landing-store.ts';

const MIB = 1_048_576;
const PASSWORD = 'correct horse';

let root: string;
let folder: string;
let server: EmbeddedSftpServer;
let store: LandingStore;
/** Called with the offset of every read, before it is answered. */
let onRead: (offset: number) => void = () => {};

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'sftp-to-s3-cli-'));
  folder = join(root, 'outbound');
  await mkdir(folder);
  store = await startLandingStore(join(root, 's3'));
  server = await startSftpServer({
    rootDirectory: folder,
    username: 'partner',
    password: PASSWORD,
    hooks: {
      read: ({ offsetBytes, lengthBytes }, read) => {
        onRead(offsetBytes);
        return read(lengthBytes);
      },
    },
  });
});

afterAll(async () => {
  await store?.close();
  await server?.close();
  await rm(root, { recursive: true, force: true });
});

function transfer(file: string, key: string, ...more: string[]): string[] {
  const source = `sftp://partner@${server.host}:${server.port}/${encodeURIComponent(file)}`;
  return ['transfer', source, `s3://landing/${key}`, '--endpoint-url', store.endpoint, '--json', ...more];
}

const trusted = () => ['--host-key', server.hostKeyFingerprint, '--password-env', 'SFTP_PASSWORD'];
const environment = () => ({ ...store.environment, SFTP_PASSWORD: PASSWORD });

test('transfer moves a file and tells all about it as JSON', async () => {
  const bytes = randomBytes(12 * MIB);
  await writeFile(join(folder, 'report 1.bin'), bytes);

  const result = await runCommand(
    transfer('report 1.bin', 'in/', '--chunk-size', '5MiB', ...trusted()),
    environment(),
  );

  expect(result.stderr).toBe('');
  expect(result.exitCode).toBe(0);
  expect(result.json()).toEqual({
    status: 'SUCCEEDED',
    size_bytes: 12_582_912,
    chunks: 3,
    seconds: expect.any(Number),
    mib_per_second: expect.any(Number),
    retries: 0,
    reconnects: 0,
    checksum_crc64nvme: expect.stringMatching(/^[A-Za-z0-9+/]{11}=$/),
    bucket: 'landing',
    key: 'in/report 1.bin',
  });
  expect(await store.hashOf('in/report 1.bin')).toBe(createHash('sha256').update(bytes).digest('hex'));
});

test('without a pinned key it prints the offered one, sends nothing, and exits 3', async () => {
  const result = await runCommand(
    transfer('any.bin', 'any', '--password-env', 'SFTP_PASSWORD'),
    environment(),
  );

  expect(result.exitCode).toBe(3);
  expect(result.json()).toMatchObject({ error: 'HostKeyUnconfirmed', host_key: server.hostKeyFingerprint });
});

test('a refused login is named, exits 1, and shows no password', async () => {
  const args = transfer('any.bin', 'any', ...trusted(), '--verbose');
  const result = await runCommand(args, { ...store.environment, SFTP_PASSWORD: 'wrong battery' });

  expect(result.exitCode).toBe(1);
  expect(result.json()).toMatchObject({ status: 'FAILED', error: 'SftpAuthenticationError' });
  expect(result.stdout + result.stderr).not.toContain('wrong battery');
});

test('a chunk that fails for good is named, exits 1, and leaves no upload', async () => {
  const file = join(folder, 'shrinking.bin');
  await writeFile(file, randomBytes(20 * MIB));
  onRead = (offset) => {
    if (offset > 6 * MIB) truncateSync(file, 6 * MIB);
  };
  const args = transfer(
    'shrinking.bin',
    'shrinking',
    '--chunk-size',
    '5MiB',
    '--max-concurrency',
    '1',
    ...trusted(),
  );

  const result = await runCommand(args, environment());

  onRead = () => {};
  expect(result.exitCode).toBe(1);
  expect(result.json()).toMatchObject({
    status: 'FAILED',
    error: 'SourceChangedError',
    cause: expect.any(String),
  });
  expect(await store.openUploads()).toEqual([]);
  expect(await store.keys('shrinking')).toEqual([]);
});

test.each(['SIGINT', 'SIGTERM'] as const)('%s aborts the upload and exits 130', async (signal) => {
  await writeFile(join(folder, 'long.bin'), randomBytes(40 * MIB));
  const reading = Promise.withResolvers<void>();
  onRead = (offset) => {
    if (offset > 6 * MIB) reading.resolve();
  };
  const args = transfer('long.bin', 'long', '--chunk-size', '5MiB', '--max-concurrency', '1', ...trusted());

  const result = await runCommand(args, environment(), (child) => {
    void reading.promise.then(() => child.kill(signal));
  });

  onRead = () => {};
  expect(result.exitCode).toBe(130);
  expect(result.json()).toMatchObject({ status: 'ABORTED' });
  expect(await store.openUploads()).toEqual([]);
  expect(await store.keys('long')).toEqual([]);
});

test.each([
  ['a URL of another kind', ['http://host/file', 's3://landing/key'], 'is not of the form sftp://'],
  ['a URL with a password', ['sftp://me:secret@host/file', 's3://landing/key'], '--password-env'],
  ['a URL without a file', ['sftp://me@host/', 's3://landing/key'], 'names no file'],
  ['a target of another kind', ['sftp://me@host/file', 'landing/key'], 'is not of the form s3://'],
  [
    'no credential',
    ['sftp://me@host/file', 's3://landing/key', '--host-key', `SHA256:${'x'.repeat(43)}`],
    '--identity-file',
  ],
  [
    'a pin that is none',
    ['sftp://me@host/file', 's3://landing/key', '--host-key', 'SHA256:abc'],
    '--host-key',
  ],
  [
    'an absurd chunk size',
    ['sftp://me@host/file', 's3://landing/key', '--chunk-size', '1KiB'],
    'from 5.0 MiB to 5.0 GiB',
  ],
  ['too wide', ['sftp://me@host/file', 's3://landing/key', '--max-concurrency', '41'], 'from 1 to 40'],
  ['an unknown option', ['sftp://me@host/file', 's3://landing/key', '--password', 'x'], 'unknown option'],
  [
    'a key too long',
    ['sftp://me@host/file', `s3://landing/${'k'.repeat(1_025)}`],
    'at most 1024 bytes, not 1025',
  ],
])('%s is a usage error: exit 2, and the reason', async (_name, args, reason) => {
  const result = await runCommand(['transfer', ...args]);

  expect(result.exitCode).toBe(2);
  expect(result.stderr).toContain(reason);
});

test('with --json a wrong flag is told as JSON, too, and no value of it', async () => {
  const args = ['transfer', 'sftp://me@host/file', 's3://landing/key', '--json', '--jsn=secret word'];

  const result = await runCommand(args);

  expect(result.exitCode).toBe(2);
  expect(result.json()).toEqual({
    status: 'FAILED',
    error: 'UsageError',
    cause: expect.stringContaining("unknown option '--jsn'"),
  });
  expect(result.stdout + result.stderr).not.toContain('secret word');
});

test.each([
  ['a bucket that is not there', 'nowhere', { AWS_REGION: 'us-east-1' }, 'there is no bucket nowhere'],
  ['no region', 'landing', { AWS_REGION: '' }, 'give --region'],
])('%s is told before the partner is asked', async (_name, bucket, region, words) => {
  const args = transfer('any.bin', 'any', ...trusted());
  args[2] = `s3://${bucket}/any`;

  const result = await runCommand(args, { ...environment(), ...region, SFTP_PASSWORD: 'refused' });

  expect(result.exitCode).toBe(2);
  expect(result.json()).toMatchObject({ error: 'UsageError', cause: expect.stringContaining(words) });
});

test('--help lists the options and the exit codes', async () => {
  const result = await runCommand(['--help']);
  const transferHelp = await runCommand(['transfer', '--help']);

  expect([result.exitCode, transferHelp.exitCode]).toEqual([0, 0]);
  expect(result.stdout).toContain('130  stopped by Ctrl-C');
  expect(transferHelp.stdout).toContain('--host-key <fingerprint>');
});

test.each([
  ['a transfer that succeeds', 'ours', 'Succeeded', 0],
  ['one that fails', 'other', 'SftpAuthenticationError', 1],
])('--report writes a page about %s', async (name, password, told, exitCode) => {
  await writeFile(join(folder, 'small.bin'), randomBytes(MIB));
  const report = join(root, `${name}.html`);

  const result = await runCommand(transfer('small.bin', 'small', '--report', report, ...trusted()), {
    ...store.environment,
    SFTP_PASSWORD: password === 'ours' ? PASSWORD : 'wrong battery',
  });

  expect(result.exitCode).toBe(exitCode);
  const page = await readFile(report, 'utf8');
  expect(page).toContain(told);
  expect(page).toContain('/small.bin');
  expect(page).not.toContain('battery');
});

test('a report that cannot be written is told before the transfer', async () => {
  const report = join(root, 'no such folder', 'report.html');

  const result = await runCommand(
    transfer('any.bin', 'unreported', '--report', report, ...trusted()),
    environment(),
  );

  expect(result.exitCode).toBe(2);
  expect(result.json()).toMatchObject({
    error: 'UsageError',
    cause: expect.stringContaining('cannot be written'),
  });
});

test('demo moves a sample file, shows equal hashes, and leaves nothing but its folder', async () => {
  const demoFolder = join(root, 'demo');

  const result = await runCommand([
    'demo',
    '--size',
    '16MiB',
    '--chunk-size',
    '5MiB',
    '--folder',
    demoFolder,
    '--report',
    join(root, 'demo.html'),
  ]);

  expect(result.stderr).toBe('');
  expect(result.exitCode).toBe(0);
  const hashes = result.stdout.match(/[0-9a-f]{64}/g) ?? [];
  expect(hashes).toHaveLength(2);
  expect(hashes[0]).toBe(hashes[1]);
  expect(await readdir(demoFolder)).toEqual([]);
  expect((await readFile(join(root, 'demo.html'), 'utf8')).match(/<g id="chunk-/g)).toHaveLength(4);
});

test('demo pulls a folder, each file once, and compares every object with its file', async () => {
  const demoFolder = join(root, 'demo-of-folder');

  const result = await runCommand([
    'demo',
    '--files',
    '30',
    '--size',
    '12MiB',
    '--chunk-size',
    '5MiB',
    '--folder',
    demoFolder,
  ]);

  expect(result.exitCode).toBe(0);
  expect(result.stdout).toContain('31 copied');
  expect(result.stdout).toMatch(/A second run[\s\S]*\n0 copied/);
  expect(result.stdout).toContain('SHA-256 of 31 objects and of their files, now in the archive: equal.');
  expect(await readdir(demoFolder)).toEqual([]);
});
