import type { ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { AbortMultipartUploadCommand, CreateBucketCommand, ListPartsCommand } from '@aws-sdk/client-s3';
import type { KeptUpload } from '../../ledger/kept-uploads.ts';
import {
  CHUNK_BYTES,
  type KeptTransferRig,
  keptUploads,
  MODIFIED_AT_SECONDS,
  PATH,
  type ResumeEnd,
  randomFile,
  startKeptTransferRig,
} from '../support/resume/kept-transfer-rig.ts';
import { KEY, startResumeRig } from '../support/resume/resume-rig.ts';
import { BUCKET } from '../support/s3/landing-store.ts';
import { startS3FaultFront } from '../support/s3/s3-fault-front.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

/** What may have become of the source, the target and the kept parts until somebody resumes: each with its end. */

/** One case starts Node anew, on a machine whose every core may be busy. */
jest.setTimeout(180_000);

let rig: KeptTransferRig;
beforeEach(async () => {
  rig = await startKeptTransferRig();
});
afterEach(() => rig.close());

/** It landed as it is, nothing is left, and nothing was read twice but what proves the resume. */
async function expectWentOn({ bytesRead, outcome, resumed }: ResumeEnd, sha256: string, sizeBytes: number) {
  if (outcome.status !== 'SUCCEEDED') throw new Error(JSON.stringify(outcome));
  if (resumed === undefined || !('plan' in resumed)) throw new Error(JSON.stringify(resumed));
  expect(await rig.store.hashOf(outcome.object.key)).toBe(sha256);
  expect(await rig.store.openUploads()).toEqual([]);
  expect(await keptUploads(rig.uploads)).toEqual([]);
  const sizeOf = (number: number) => Math.min(CHUNK_BYTES, sizeBytes - (number - 1) * CHUNK_BYTES);
  const provedBytes = resumed.proved_chunks.reduce((sum, number) => sum + sizeOf(number), 0);
  expect(bytesRead).toBe(sizeBytes - resumed.finished_bytes + provedBytes);
  return resumed;
}

async function expectBeganAnew({ outcome, resumed }: ResumeEnd, sha256: string, reason: RegExp) {
  if (outcome.status !== 'SUCCEEDED') throw new Error(JSON.stringify(outcome));
  expect(resumed).toEqual({ started_anew: expect.stringMatching(reason) });
  expect(await rig.store.hashOf(outcome.object.key, outcome.object.bucket)).toBe(sha256);
  expect(await rig.store.openUploads()).toEqual([]);
  expect(await keptUploads(rig.uploads)).toEqual([]);
}

test('the last part is short: it counts as finished, and is proved', async () => {
  const bytes = randomFile(2, 1_234);
  const sha256 = rig.put(bytes);
  const { execution, outcome } = await rig.failAfter({ afterChunk: 3 });
  expect(outcome).toMatchObject({
    status: 'FAILED',
    error: 'SftpAuthenticationError',
    cause: expect.stringContaining('3 parts of 3 kept until'),
  });

  const resumed = await expectWentOn(await rig.resume(execution), sha256, bytes.length);
  expect(resumed).toMatchObject({ finished_chunks: 3, proved_chunks: [1, 2, 3] });
});

test('no part is finished: the upload is gone on with, and everything is read once', async () => {
  const bytes = randomFile(2, 1);
  const sha256 = rig.put(bytes);
  const { execution } = await rig.failAfter('before the first byte');

  const resumed = await expectWentOn(await rig.resume(execution), sha256, bytes.length);
  expect(resumed).toMatchObject({ finished_chunks: 0, proved_chunks: [] });
});

test('all parts are finished: only the sample is read, and the upload is completed', async () => {
  const bytes = randomFile(5);
  const sha256 = rig.put(bytes);
  const { execution } = await rig.failAfter({ afterChunk: 5 });

  const end = await rig.resume(execution);
  const resumed = await expectWentOn(end, sha256, bytes.length);
  expect(resumed).toMatchObject({ finished_chunks: 5, plan: { segments: [] } });
  expect(end.bytesRead).toBe(3 * CHUNK_BYTES);
});

test('the lifecycle rule has removed the upload: the transfer begins anew, and says so', async () => {
  const bytes = randomFile(3);
  const sha256 = rig.put(bytes);
  const { execution } = await rig.failAfter({ afterChunk: 1 });
  const [kept] = await keptUploads(rig.uploads);
  await rig.store.s3.send(
    new AbortMultipartUploadCommand({ Bucket: BUCKET, Key: kept?.key, UploadId: kept?.uploadId }),
  );

  await expectBeganAnew(await rig.resume(execution), sha256, /S3 no longer has the upload/);
});

test.each<[string, (bytes: Buffer) => [Buffer, number], RegExp]>([
  [
    'longer, with the same time of modification',
    (bytes) => [Buffer.concat([bytes, randomBytes(10)]), MODIFIED_AT_SECONDS],
    /had 15728640 bytes then, and has 15728650 now; the kept parts were removed/,
  ],
  [
    'of the same size, and a second newer',
    (bytes) => [bytes, MODIFIED_AT_SECONDS + 1],
    /was of 2023-11-14T22:13:20.000Z then, and is of 2023-11-14T22:13:21.000Z now; the kept parts were removed/,
  ],
])('the file is %s: its parts are removed, and the transfer begins anew', async (_, change, reason) => {
  const bytes = randomFile(3);
  rig.put(bytes);
  const { execution } = await rig.failAfter({ afterChunk: 1 });
  const sha256 = rig.put(...change(bytes));

  await expectBeganAnew(await rig.resume(execution), sha256, reason);
});

test('size and time are equal, a byte of a finished part is not: SourceChangedError, and nothing is left', async () => {
  const bytes = randomFile(3);
  rig.put(bytes);
  const { execution } = await rig.failAfter({ afterChunk: 2 });
  const changed = Buffer.from(bytes);
  changed.writeUInt8(changed.readUInt8(17) ^ 1, 17);
  rig.put(changed);

  const { outcome } = await rig.resume(execution);
  expect(outcome).toMatchObject({
    status: 'FAILED',
    error: 'SourceChangedError',
    cause: expect.stringContaining(
      `${PATH} has the size and the time of the kept parts, but other bytes: chunk 1`,
    ),
    remains: { object: 'none', upload: { state: 'gone' } },
  });
  expect(await rig.store.keys()).toEqual([]);
  expect(await rig.store.openUploads()).toEqual([]);
  expect(await keptUploads(rig.uploads)).toEqual([]);
});

test.each(['still there', 'gone'])(
  'the target is another bucket, the old one %s: its parts are removed, and the transfer begins anew',
  async (what) => {
    const bytes = randomFile(3);
    const sha256 = rig.put(bytes);
    await rig.store.s3.send(new CreateBucketCommand({ Bucket: 'moved' }));
    const { execution } = await rig.failAfter({ afterChunk: 1 });
    const [kept] = await keptUploads(rig.uploads);
    if (what === 'gone') {
      const { bucket: Bucket, key: Key, uploadId: UploadId } = kept as KeptUpload;
      await rig.store.s3.send(new AbortMultipartUploadCommand({ Bucket, Key, UploadId }));
      rig.s3FaultOf = ({ operation, bucket }) =>
        bucket === BUCKET && ['AbortMultipartUpload', 'ListParts'].includes(operation)
          ? { what: 'refuse', status: 404, code: 'NoSuchBucket' }
          : undefined;
    }

    const end = await rig.resume(execution, { landingBucket: 'moved' });

    const reason = new RegExp(
      `the target was s3://${BUCKET}/in/file.bin then, and is s3://moved/in/file.bin now`,
    );
    await expectBeganAnew(end, sha256, reason);
  },
);

test('the KMS key is disabled meanwhile: the parts stay, and a resume after it is enabled again lands', async () => {
  const bytes = randomFile(3);
  const sha256 = rig.put(bytes);
  const { execution } = await rig.failAfter({ afterChunk: 1 });
  rig.s3FaultOf = ({ operation }) =>
    operation === 'UploadPart' ? { what: 'refuse', status: 400, code: 'KMS.DisabledException' } : undefined;

  const refused = await rig.resume(execution);
  expect(refused.outcome).toMatchObject({
    status: 'FAILED',
    error: 'KMS.DisabledException',
    cause: expect.stringContaining('1 part of 3 kept until'),
  });

  rig.s3FaultOf = () => undefined;
  await expectWentOn(await rig.resume(execution), sha256, bytes.length);
});

test('two resume at once: one goes on, the other is told of it', async () => {
  const bytes = randomFile(4);
  const sha256 = rig.put(bytes);
  const { execution } = await rig.failAfter({ afterChunk: 1 });
  let second: Promise<ResumeEnd> | undefined;
  const uploadResumed = () => {
    second = rig.resume(execution);
    rig.server.faults.heldUntil = second.then(() => {});
  };

  const first = await rig.resume(execution, { observer: { uploadResumed } });

  expect((await second)?.outcome).toMatchObject({
    status: 'FAILED',
    error: 'ResumeInProgressError',
    cause: expect.stringContaining(`execution-2 goes on with the upload of ${execution}`),
  });
  expect(first.outcome.status).toBe('SUCCEEDED');
  expect(await rig.store.hashOf('in/file.bin')).toBe(sha256);
  expect(await rig.store.openUploads()).toEqual([]);
  expect(await keptUploads(rig.uploads)).toEqual([]);
});

describe('killed', () => {
  const parent = temporaryDirectory();

  test('between UploadPart and its answer: the part is finished, and is not read again', async () => {
    const killed = await startResumeRig(parent);
    let child: ChildProcess | undefined;
    const isAlive = () => child?.killed === false;
    const front = await startS3FaultFront(killed.store.endpoint, ({ partNumber = 0 }) => {
      if (!isAlive() || partNumber < 3) return undefined;
      if (partNumber > 3) return { what: 'hold', until: new Promise(() => {}) };
      return { what: 'lose the answer', andThen: () => child?.kill('SIGKILL') };
    });
    try {
      killed.endpoint = front.endpoint;
      const { sha256 } = killed.put(randomFile(6));
      const tuning = ['--chunk-size', '5MiB', '--max-concurrency', '1'];
      const run = killed.start(tuning);
      child = run.child;
      expect((await run.ended).signal).toBe('SIGKILL');
      const [uploadId] = await killed.store.openUploads();
      const { Parts = [] } = await killed.store.s3.send(
        new ListPartsCommand({ Bucket: BUCKET, Key: KEY, UploadId: uploadId }),
      );
      expect(Parts.map(({ PartNumber }) => PartNumber)).toEqual([1, 2, 3]);
      const before = killed.bytesServed;

      const { json } = await killed.start([...tuning, '--resume']).ended;

      expect(json).toMatchObject({
        status: 'SUCCEEDED',
        resumed: { finished_chunks: 3, proved_chunks: [1, 2, 3] },
      });
      expect(await killed.store.hashOf(KEY)).toBe(sha256);
      expect(killed.bytesServed - before).toBe((3 + 3) * CHUNK_BYTES);
    } finally {
      await front.close();
      await killed.close();
    }
  });
});
