import { handleAbortRequest } from '../../../../lambdas/abort-upload/abort-upload.ts';
import { abortUploadRequestSchema } from '../../../../lambdas/abort-upload/event.ts';
import { keepUpload } from '../../../../lambdas/shared/upload/keep-upload.ts';
import type { UploadClaim } from '../../../../ledger/kept-uploads.ts';
import { memoryUploads } from '../../../../ledger/partner-uploads.ts';
import { isClaimOver, removalsClaim } from '../../../../ledger/upload-claims.ts';
import { UploadFailedError } from '../../../../transfer/errors.ts';
import { DAY_MS } from '../../../../transfer/keep-parts.ts';
import { plannedFile, stepRig, UPLOAD } from '../../../support/step-rig.ts';

const never = new AbortController().signal;
/** As EventBridge sends it to a function when a rule's schedule is due. */
const SCHEDULED = abortUploadRequestSchema.parse({
  version: '0',
  id: '53dc4d37-cffa-4f76-80c9-8b7d4a4d2eaa',
  'detail-type': 'Scheduled Event',
  source: 'aws.events',
  account: '111122223333',
  time: '2026-11-26T06:00:00Z',
  region: 'eu-central-1',
  resources: ['arn:aws:events:eu-central-1:111122223333:rule/stack-acme-stopped-executions'],
  detail: {},
});

/** Uploads that are kept for three days each. */
async function rigWithKept(...uploadIds: string[]) {
  const rig = stepRig();
  const uploads = memoryUploads(() => rig.clock.nowMs());
  const file = plannedFile(100, { keep_parts_days: 3 });
  for (const uploadId of uploadIds) {
    rig.store.start({ ...UPLOAD, uploadId });
    const upload = { uploadId, file, chunkSizeBytes: 50, chunkCount: 2, startedAtMs: rig.clock.nowMs() };
    const error = { name: 'SftpConnectionError', message: 'gone' };
    await keepUpload({ execution: `execution of ${uploadId}`, ...upload, error }, { ...rig, uploads }, never);
  }
  const running = new Set<string>();
  const endOf = async (execution: string) => (running.has(execution) ? undefined : { endedAtMs: 0 });
  const claiming = {
    claimOf: (removal: string) => removalsClaim(removal, rig.clock.nowMs()),
    isOver: (claim: UploadClaim) => isClaimOver(claim, rig.clock.nowMs(), endOf),
  };
  const history = { findUpload: async () => undefined };
  const ports = { ...rig, history, uploads, claiming };
  return {
    rig,
    uploads,
    running,
    run: (signal = never) => handleAbortRequest(SCHEDULED, ports, signal),
    runWithoutKeeping: () => handleAbortRequest(SCHEDULED, { ...rig, history }, never),
    pass: (ms: number) => rig.clock.sleep(ms, never),
    async left() {
      const ids: string[] = [];
      for await (const { uploadId } of uploads.list()) ids.push(uploadId);
      return { written: ids, inS3: [...rig.store.uploads.keys()] };
    },
  };
}

test('nothing is removed a moment before its time is over; then its parts and its row are', async () => {
  const kept = await rigWithKept('one');
  await kept.pass(3 * DAY_MS - 1);
  expect(await kept.run()).toEqual({ aborted_uploads: 0 });
  expect((await kept.left()).written).toEqual(['one']);

  await kept.pass(1);
  expect(await kept.run()).toEqual({ aborted_uploads: 1 });
  expect(await kept.left()).toEqual({ written: [], inS3: [] });
});

test('one that is being resumed stays as long as its execution runs', async () => {
  const kept = await rigWithKept('one');
  await kept.uploads.claim({ uploadId: 'one', claim: { execution: 'resuming', sinceMs: 0 } });
  kept.running.add('resuming');
  await kept.pass(4 * DAY_MS);
  expect(await kept.run()).toEqual({ aborted_uploads: 0 });
  expect((await kept.left()).written).toEqual(['one']);

  kept.running.clear();
  expect(await kept.run()).toEqual({ aborted_uploads: 1 });
  expect((await kept.left()).written).toEqual([]);
});

test('one that the lifecycle rule has removed already is struck off', async () => {
  const kept = await rigWithKept('one');
  await kept.rig.store.abortMultipartUpload({ ...UPLOAD, uploadId: 'one' });
  await kept.pass(3 * DAY_MS);

  await kept.run();

  expect((await kept.left()).written).toEqual([]);
});

test('one that S3 does not remove hides no other, and is a failure that is repeated', async () => {
  const kept = await rigWithKept('stuck', 'other');
  await kept.pass(3 * DAY_MS);
  const abort = kept.rig.store.abortMultipartUpload.bind(kept.rig.store);
  kept.rig.store.abortMultipartUpload = async (upload) => {
    if (upload.uploadId === 'stuck') throw new UploadFailedError('503 SlowDown');
    return abort(upload);
  };

  await expect(kept.run()).rejects.toThrow(
    new UploadFailedError('1 of the kept uploads whose time is over could not be removed'),
  );
  expect((await kept.left()).written).toEqual(['stuck']);

  kept.rig.store.abortMultipartUpload = abort;
  // The same event again, as Lambda repeats it: the failed run has given its claim back.
  expect(await kept.run()).toEqual({ aborted_uploads: 1 });
  expect(await kept.left()).toEqual({ written: [], inS3: [] });
});

test('a run whose time is up is repeated by Lambda, and its repetition goes on at once', async () => {
  const kept = await rigWithKept('slow');
  await kept.pass(3 * DAY_MS);
  const deadline = new AbortController();
  const abort = kept.rig.store.abortMultipartUpload.bind(kept.rig.store);
  kept.rig.store.abortMultipartUpload = async () => {
    deadline.abort(new Error('the time is up'));
    throw deadline.signal.reason;
  };

  await expect(kept.run(deadline.signal)).rejects.toThrow('the time is up');
  expect((await kept.left()).written).toEqual(['slow']);

  kept.rig.store.abortMultipartUpload = abort;
  expect(await kept.run()).toEqual({ aborted_uploads: 1 });
  expect(await kept.left()).toEqual({ written: [], inS3: [] });
});

test('where no parts are kept the event does nothing', async () => {
  const kept = await rigWithKept('one');
  await kept.pass(4 * DAY_MS);
  expect(await kept.runWithoutKeeping()).toEqual({ aborted_uploads: 0 });
  expect((await kept.left()).written).toEqual(['one']);
});

const suspended = (rig: { telemetry: { metrics: { name: string; value: number }[] } }): number[] =>
  rig.telemetry.metrics.filter(({ name }) => name === 'SuspendedBytes').map(({ value }) => value);

test('how many bytes are kept is counted at each run, down to none', async () => {
  const kept = await rigWithKept('one', 'two');
  for await (const upload of kept.uploads.list())
    await kept.uploads.keep({ ...upload, execution: 'later', finishedBytes: 50, finishedParts: 1 });
  await kept.run();
  await kept.uploads.forget('one');
  await kept.run();
  await kept.pass(3 * DAY_MS);
  await kept.run();
  expect(suspended(kept.rig)).toEqual([100, 50, 0]);
});

test('what could not be removed is still counted: it is still paid for', async () => {
  const kept = await rigWithKept('one');
  for await (const upload of kept.uploads.list())
    await kept.uploads.keep({ ...upload, execution: 'later', finishedBytes: 50, finishedParts: 1 });
  kept.rig.store.abortMultipartUpload = async () => {
    throw new UploadFailedError('503 SlowDown');
  };
  await kept.pass(3 * DAY_MS);
  await expect(kept.run()).rejects.toThrow(UploadFailedError);
  expect(suspended(kept.rig)).toEqual([50]);
});

test('where no parts are kept there is no such metric', async () => {
  const kept = await rigWithKept('one');
  await kept.runWithoutKeeping();
  expect(suspended(kept.rig)).toEqual([]);
});
