import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type EmbeddedSftpServer, startSftpServer } from '../../local/sftp-server/sftp-server.ts';
import { type LandingStore, startLandingStore } from '../support/s3/landing-store.ts';
import { startS3FaultFront } from '../support/s3/s3-fault-front.ts';

/** Every way in which a transfer on this machine ends that is not its own end: nothing is left, or it is named. */

const PROJECT = path.join(import.meta.dirname, '../..');
const BIN = path.join(PROJECT, 'bin/sftp-to-s3.js');
const MIB = 1_048_576;
const PASSWORD = 'correct horse';

// Several processes start in each test, and CI has two cores.
jest.setTimeout(120_000);

let root: string;
let folder: string;
let server: EmbeddedSftpServer;
let store: LandingStore;
/** Reads wait while it is pending: a transfer that a test interrupts is certainly in its middle. */
let gate = Promise.resolve();
let runs = 0;
let onRead: (offset: number) => void = () => {};

beforeAll(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'sftp-to-s3-endings-'));
  folder = path.join(root, 'outbound');
  await mkdir(folder);
  await writeFile(path.join(folder, 'long.bin'), randomBytes(24 * MIB));
  store = await startLandingStore(path.join(root, 's3'));
  server = await startSftpServer({
    rootDirectory: folder,
    username: 'partner',
    password: PASSWORD,
    hooks: {
      read: async ({ offsetBytes, lengthBytes }, read) => {
        onRead(offsetBytes);
        if (offsetBytes > 12 * MIB) await gate;
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

/** An older Node on the PATH than the one that runs TypeScript: with it the launcher starts a process of its own. */
const olderNode = (process.env.PATH ?? '')
  .split(':')
  .map((directory) => path.join(directory, 'node'))
  .find((file) => {
    try {
      return (
        Number(execFileSync(file, ['-p', 'process.versions.node.split(".")[0]'], { encoding: 'utf8' })) < 24
      );
    } catch {
      return false;
    }
  });

interface Running {
  child: ChildProcess;
  /** What it printed so far. */
  out(): string;
  ended: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
  /** Resolves when the transfer is in its middle, where it stays until `gate` opens. */
  middle: Promise<void>;
  open(): void;
}

function start(
  program: string,
  args: readonly string[],
  { endpoint = store.endpoint, key = `long-${++runs}` } = {},
): Running {
  const middle = Promise.withResolvers<void>();
  const opened = Promise.withResolvers<void>();
  gate = opened.promise;
  onRead = (offset) => {
    if (offset > 12 * MIB) middle.resolve();
  };
  const child = spawn(
    program,
    [
      ...args,
      'transfer',
      `sftp://partner@${server.host}:${server.port}/long.bin`,
      `s3://landing/${key}`,
      ...['--endpoint-url', endpoint, '--host-key', server.hostKeyFingerprint],
      ...['--password-env', 'SFTP_PASSWORD', '--chunk-size', '5MiB', '--max-concurrency', '1'],
    ],
    {
      cwd: PROJECT,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        PATH: process.env.PATH,
        HOME: process.env.HOME,
        AWS_EC2_METADATA_DISABLED: 'true',
        SFTP_PASSWORD: PASSWORD,
        ...store.environment,
      },
    },
  );
  let text = '';
  child.stdout?.on('data', (data) => {
    text += data;
  });
  child.stderr?.on('data', (data) => {
    text += data;
  });
  const ended = once(child, 'close').then(([code, signal]) => ({ code, signal }));
  return { child, out: () => text, ended, middle: middle.promise, open: () => opened.resolve() };
}

/** The processes below one, nearest first. */
function descendants(pid: number): number[] {
  const children = readdirSync(`/proc/${pid}/task`).flatMap((task) =>
    readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8').split(' ').filter(Boolean).map(Number),
  );
  return children.flatMap((child) => [child, ...descendants(child)]);
}

/** A process that has ended, and that nobody has asked for its exit code, is none. */
function isRunning(pid: number): boolean {
  try {
    return !/\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

async function nothingIsLeft(): Promise<void> {
  for (let look = 0; (await store.openUploads()).length > 0 && look < 100; look += 1) await sleep(100);
  expect(await store.openUploads()).toEqual([]);
  expect(await store.keys('long')).toEqual([]);
}

describe.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('%s', (signal) => {
  test('to the process that does the work', async () => {
    const run = start(process.execPath, [BIN]);
    await run.middle;

    run.child.kill(signal);

    expect(await run.ended).toEqual({ code: 130, signal: null });
    expect(run.out()).toContain('No upload is left: S3 was asked.');
    run.open();
    await nothingIsLeft();
  });

  (olderNode === undefined ? test.skip : test)('to the launcher, under an older Node', async () => {
    const run = start(olderNode ?? '', [BIN]);
    await run.middle;

    run.child.kill(signal);

    expect(await run.ended).toEqual({ code: 130, signal: null });
    run.open();
    await nothingIsLeft();
  });

  // npm ignores a SIGINT of its own: a terminal gives one to the whole group.
  (signal === 'SIGINT' ? test.skip : test)('to npx alone', async () => {
    const run = start('npx', ['--no-install', 'sftp-to-s3']);
    await run.middle;
    const below = descendants(run.child.pid ?? 0);

    run.child.kill(signal);

    await run.ended;
    run.open();
    await nothingIsLeft();
    expect(below.filter(isRunning)).toEqual([]);
  });
});

test('the pipe of what is printed closes: the transfer goes on to its end', async () => {
  const run = start(process.execPath, [BIN], { key: 'unread' });
  await run.middle;

  run.child.stdout?.destroy();
  run.child.stderr?.destroy();
  run.open();

  expect(await run.ended).toEqual({ code: 0, signal: null });
  expect(await store.keys('unread')).toEqual(['unread']);
  expect(await store.openUploads()).toEqual([]);
});

test('S3 refuses to abort: the upload is named, with the command that removes it', async () => {
  const front = await startS3FaultFront(store.endpoint, ({ operation }) =>
    operation === 'AbortMultipartUpload' ? { what: 'refuse', status: 503 } : undefined,
  );
  const run = start(process.execPath, [BIN], { endpoint: front.endpoint, key: 'refused' });
  await run.middle;

  run.child.kill('SIGTERM');

  expect(await run.ended).toEqual({ code: 130, signal: null });
  run.open();
  await front.close();
  const [uploadId] = await store.openUploads();
  expect(run.out()).toContain(
    `aws s3api abort-multipart-upload --endpoint-url '${front.endpoint}' --bucket landing --key 'refused' --upload-id '${uploadId}'`,
  );
  expect(run.out()).toMatch(/The upload is left, with \d parts?, which cost storage/);
  expect(run.out()).not.toContain('No upload is left');

  const next = start(process.execPath, [BIN], { key: 'refused' });
  next.open();
  expect(await next.ended).toEqual({ code: 0, signal: null });
  expect(next.out()).toContain('S3 has 1 open upload of s3://landing/refused from before.');
  expect(next.out()).toContain(`--key 'refused' --upload-id '${uploadId}'  # started`);
});

test('the second Ctrl-C leaves at once, and says what it leaves', async () => {
  const earlier = await store.openUploads();
  const aborting = Promise.withResolvers<void>();
  const front = await startS3FaultFront(store.endpoint, ({ operation }) => {
    if (operation !== 'AbortMultipartUpload') return undefined;
    aborting.resolve();
    return { what: 'hold', until: new Promise(() => {}) };
  });
  const run = start(process.execPath, [BIN], { endpoint: front.endpoint, key: 'abandoned' });
  await run.middle;

  run.child.kill('SIGINT');
  await aborting.promise;
  await sleep(600);
  run.child.kill('SIGINT');

  expect(await run.ended).toEqual({ code: 130, signal: null });
  run.open();
  await front.close();
  const [uploadId] = (await store.openUploads()).filter((id) => !earlier.includes(id));
  expect(run.out()).toContain(`--key 'abandoned' --upload-id '${uploadId}'`);
});
