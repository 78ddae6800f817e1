import { claimKeptUpload } from '../../../../lambdas/reserve-sessions/claim-kept-upload.ts';
import { keepUpload } from '../../../../lambdas/shared/upload/keep-upload.ts';
import { lastExecutionOf, removalName, type UploadClaim } from '../../../../ledger/kept-uploads.ts';
import { memoryUploads } from '../../../../ledger/partner-uploads.ts';
import { executionsClaim, isClaimOver, removalsClaim } from '../../../../ledger/upload-claims.ts';
import { plannedFile, stepRig, UPLOAD } from '../../../support/step-rig.ts';

const never = new AbortController().signal;
const { uploadId } = UPLOAD;

async function rigWithKept() {
  const rig = stepRig();
  rig.store.start(UPLOAD);
  const uploads = memoryUploads(() => rig.clock.nowMs());
  const file = plannedFile(100, { keep_parts_days: 3 });
  const plan = { chunkSizeBytes: 50, chunkCount: 2, startedAtMs: rig.clock.nowMs() };
  const error = { name: 'SftpConnectionError', message: 'gone' };
  const kept = await keepUpload(
    { execution: 'failed', uploadId, file, ...plan, error },
    { ...rig, uploads },
    never,
  );
  const ports = {
    uploads,
    claimOf: (execution: string) => executionsClaim(execution, rig.clock.nowMs()),
    isOver: (claim: UploadClaim) => isClaimOver(claim, rig.clock.nowMs(), async () => undefined),
  };
  return {
    rig,
    uploads,
    kept,
    resume: () => claimKeptUpload('failed', 'resuming', ports, never),
  };
}

test('an upload that is just being removed is not gone on with, and nobody is told to follow the removal', async () => {
  const { resume, rig, uploads } = await rigWithKept();
  const claim = removalsClaim(removalName('1'), rig.clock.nowMs());
  const { claimed } = await uploads.claim({ uploadId, claim });
  expect(claimed).toBe(true);

  await expect(resume()).rejects.toMatchObject({
    name: 'InvalidTransferRequestError',
    message: expect.stringContaining('its kept parts are just being removed: start the transfer anew'),
  });
});

test('a removal that ended half-way blocks a resume no longer than its time', async () => {
  const { resume, rig, uploads } = await rigWithKept();
  await uploads.claim({ uploadId, claim: removalsClaim(removalName('1'), rig.clock.nowMs()) });
  await rig.clock.sleep(600_000, never);

  expect(await resume()).toMatchObject({ upload_id: uploadId });
});

test('a removal is not the execution that a resume goes on with', async () => {
  const { kept, rig, uploads } = await rigWithKept();
  expect(lastExecutionOf(kept)).toBe('failed');
  const answer = await uploads.claim({ uploadId, claim: removalsClaim(removalName('1'), rig.clock.nowMs()) });
  if (!answer.claimed) throw new Error('not claimed');
  expect(answer.upload.executions.at(-1)).toBe('removal:1');
  expect(lastExecutionOf(answer.upload)).toBe('failed');
});
