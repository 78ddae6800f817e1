import { randomBytes } from 'node:crypto';
import { downloadChunk } from '../../../../lambdas/download-chunk/download-chunk.ts';
import { MAX_FRUITLESS_RECONNECTS } from '../../../../lambdas/download-chunk/resumable-range.ts';
import type { PlannedTransfer } from '../../../../transfer/contracts.ts';
import { DeadlineReached } from '../../../../transfer/deadline.ts';
import {
  ChunkDeadlineError,
  SftpAuthenticationError,
  SftpConnectionError,
  SftpStalledError,
  SourceChangedError,
} from '../../../../transfer/errors.ts';
import { plannedFile, SOURCE_PATH, stepRig, UPLOAD } from '../../../support/step-rig.ts';

const FILE = randomBytes(20_000);
const CHUNK = { chunk_number: 2, start_byte: 5_000, end_byte: 15_500 };
const never = new AbortController().signal;

function rigWithFile() {
  const rig = stepRig();
  rig.source.add(SOURCE_PATH, FILE);
  rig.store.start(UPLOAD);
  return rig;
}

function run(rig: ReturnType<typeof stepRig>, signal = never, changes: Partial<PlannedTransfer> = {}) {
  const event = {
    execution_id: 'execution-1',
    upload_id: UPLOAD.uploadId,
    file: plannedFile(20_000, changes),
    chunk: CHUNK,
  };
  return downloadChunk(event, rig, signal);
}

const landed = (rig: ReturnType<typeof stepRig>) =>
  rig.store.uploads.get(UPLOAD.uploadId)?.parts.get(2)?.bytes;

test('one range becomes one part with its number, and the session is ended', async () => {
  const rig = rigWithFile();

  await expect(run(rig)).resolves.toBe(2);

  expect(landed(rig)).toEqual(FILE.subarray(5_000, 15_500));
  expect(rig.source.openSessions).toBe(0);
  expect(rig.telemetry.metrics).toContainEqual({ name: 'BytesTransferred', value: 10_500 });
  expect(rig.telemetry.segments.map(({ name, ended }) => [name, ended])).toEqual([
    ['s3.upload-part', true],
    ['sftp.read', true],
    ['sftp.connect', true],
  ]);
});

test('S3 has the whole part before the server has confirmed the end of the session, which is waited for', async () => {
  const rig = rigWithFile();
  const { promise: confirmed, resolve: confirm } = Promise.withResolvers<void>();
  rig.source.onEnd = () => confirmed;

  const running = run(rig);
  while (landed(rig) === undefined) await new Promise(setImmediate);
  expect(rig.source.openSessions).toBe(1);
  confirm();

  await expect(running).resolves.toBe(2);
  expect(rig.source.openSessions).toBe(0);
});

test.each([
  ['lost', new SftpConnectionError('reset')],
  ['stalled', new SftpStalledError('silence')],
])(
  'a connection %s in mid-chunk is made again, and reading goes on from the byte reached',
  async (_name, fault) => {
    const rig = rigWithFile();
    const positions: number[] = [];
    rig.source.onPiece = (position, readNumber) => {
      positions.push(position);
      if (readNumber === 1 && position === 8_000) throw fault;
    };

    await expect(run(rig)).resolves.toBe(2);

    expect(landed(rig)).toEqual(FILE.subarray(5_000, 15_500));
    expect(positions.slice(0, 5)).toEqual([5_000, 6_000, 7_000, 8_000, 8_000]);
    expect(rig.source).toMatchObject({ connects: 2, openSessions: 0 });
    expect(rig.telemetry.metrics).toContainEqual({ name: 'Retries', value: 1 });
  },
);

test('a connection lost before the first byte of its file came is made again', async () => {
  const rig = rigWithFile();
  rig.source.onPiece = (position, readNumber) => {
    if (readNumber === 1 && position === 5_000) throw new SftpStalledError('silence');
  };

  await expect(run(rig)).resolves.toBe(2);

  expect(landed(rig)).toEqual(FILE.subarray(5_000, 15_500));
  expect(rig.source).toMatchObject({ connects: 2, openSessions: 0 });
});

test('reconnecting ends after a bounded number of fruitless tries', async () => {
  const rig = rigWithFile();
  rig.source.onPiece = (position) => {
    if (position === 8_000) throw new SftpConnectionError('reset');
  };

  await expect(run(rig)).rejects.toThrow(SftpConnectionError);

  expect(rig.source.connects).toBe(1 + MAX_FRUITLESS_RECONNECTS);
  expect(rig.sleeps).toEqual([75, 500, 1_000, 1_500]);
  expect(rig.source.openSessions).toBe(0);
  expect(landed(rig)).toBeUndefined();
});

test('a connection that fails at once is left to the workflow', async () => {
  const rig = rigWithFile();
  rig.source.onConnect = () => {
    throw new SftpConnectionError('refused');
  };

  await expect(run(rig)).rejects.toThrow(SftpConnectionError);
  expect(rig.source.connects).toBe(1);
});

test('a refused login is not tried again, not even in mid-chunk', async () => {
  const rig = rigWithFile();
  rig.source.onPiece = (position, readNumber) => {
    if (readNumber === 1 && position === 8_000) throw new SftpConnectionError('reset');
  };
  rig.source.onConnect = (connectNumber) => {
    if (connectNumber === 2) throw new SftpAuthenticationError('refused');
  };

  await expect(run(rig)).rejects.toThrow(SftpAuthenticationError);
  expect(rig.source.connects).toBe(2);
});

test.each([
  ['grew', Buffer.concat([FILE, Buffer.alloc(1)]), 1_700_000_000],
  ['was replaced by one of the same size', randomBytes(20_000), 1_700_000_001],
])('a file that %s since the plan is refused at the open', async (_name, bytes, modifiedAtSeconds) => {
  const rig = rigWithFile();
  rig.source.add(SOURCE_PATH, bytes, modifiedAtSeconds);

  await expect(run(rig)).rejects.toThrow(SourceChangedError);
  expect(landed(rig)).toBeUndefined();
});

test('a file replaced while the connection was lost is noticed when it is made again', async () => {
  const rig = rigWithFile();
  rig.source.onPiece = (position, readNumber) => {
    if (readNumber > 1 || position !== 8_000) return;
    rig.source.add(SOURCE_PATH, randomBytes(20_000), 1_700_000_500);
    throw new SftpConnectionError('reset');
  };

  await expect(run(rig)).rejects.toThrow(SourceChangedError);
  expect(rig.source.openSessions).toBe(0);
});

test('a file truncated while it is read is refused, and no part is left', async () => {
  const rig = rigWithFile();
  rig.source.onPiece = (position) => {
    if (position === 10_000) rig.source.add(SOURCE_PATH, FILE.subarray(0, 10_500));
  };

  await expect(run(rig)).rejects.toThrow(SourceChangedError);
  expect(landed(rig)).toBeUndefined();
});

test("the function's deadline ends the chunk by name, with the bytes done and what to change", async () => {
  const rig = rigWithFile();
  const deadline = new AbortController();
  rig.source.onPiece = (position) => {
    if (position === 9_000) deadline.abort(new DeadlineReached('10000 ms left'));
  };

  const failure = await run(rig, deadline.signal).catch((error: unknown) => error);

  expect(failure).toBeInstanceOf(ChunkDeadlineError);
  expect((failure as Error).message).toMatch(/chunk 2: \d+ of 10500 bytes .*chunk_size_bytes.*timeout/);
  expect(rig.source.openSessions).toBe(0);
});

test('every connection logs in with the version of the secret that the plan names', async () => {
  const rig = rigWithFile();
  rig.source.secretVersionId = 'rotated meanwhile';
  rig.source.onPiece = (position, readNumber) => {
    if (readNumber === 1 && position === 8_000) throw new SftpConnectionError('reset');
  };

  await run(rig, never, { secret_version_id: 'version-1' });

  expect(rig.source.usedSecretVersions).toEqual(['version-1', 'version-1']);
});
