import { abortUpload, handleAbortRequest } from '../../../../lambdas/abort-upload/abort-upload.ts';
import { ABORT_RECHECK_DELAY_MS } from '../../../../lambdas/shared/upload/abort-until-gone.ts';
import { UploadFailedError } from '../../../../transfer/errors.ts';
import { stepRig, UPLOAD } from '../../../support/step-rig.ts';

const never = new AbortController().signal;

test('aborts, proves that nothing is left, and may be called twice', async () => {
  const rig = stepRig();
  rig.store.start(UPLOAD);

  await expect(abortUpload(UPLOAD, rig, never)).resolves.toEqual({ aborted_uploads: 1 });
  await expect(abortUpload(UPLOAD, rig, never)).resolves.toEqual({ aborted_uploads: 0 });
  expect(rig.store.uploads.size).toBe(0);
});

test('repeats while parts land after the abort', async () => {
  const rig = stepRig();
  rig.store.start(UPLOAD);
  const abort = rig.store.abortMultipartUpload.bind(rig.store);
  let aborts = 0;
  rig.store.abortMultipartUpload = async (upload) => {
    await abort(upload);
    aborts += 1;
    if (aborts < 3) rig.store.start(upload);
  };

  await expect(abortUpload(UPLOAD, rig, never)).resolves.toEqual({ aborted_uploads: 1 });
  expect(aborts).toBe(3);
  expect(rig.sleeps).toEqual([ABORT_RECHECK_DELAY_MS, ABORT_RECHECK_DELAY_MS]);
});

test('a store that takes every abort and keeps the upload is a failure by name, and in time', async () => {
  const rig = stepRig();
  rig.store.start(UPLOAD);
  rig.store.abortMultipartUpload = async () => {};

  await expect(abortUpload(UPLOAD, rig, never)).rejects.toThrow(
    'after 61 aborts in 120 s upload upload-1 is still there, with 0 parts',
  );
});

test('a failure of S3 is not hidden', async () => {
  const rig = stepRig();
  rig.store.start(UPLOAD);
  rig.store.abortMultipartUpload = async () => {
    throw new UploadFailedError('503 SlowDown');
  };

  await expect(abortUpload(UPLOAD, rig, never)).rejects.toThrow(UploadFailedError);
});

describe('a stopped execution', () => {
  const request = {
    'detail-type': 'Step Functions Execution Status Change' as const,
    detail: { executionArn: 'arn:aws:states:eu-west-1:111122223333:execution:acme:run-1', status: 'ABORTED' },
  };

  test("has its history's upload aborted", async () => {
    const rig = stepRig();
    rig.store.start(UPLOAD);
    const asked: string[] = [];
    const history = {
      findUpload: async (executionArn: string) => {
        asked.push(executionArn);
        return UPLOAD;
      },
    };

    await expect(handleAbortRequest(request, { ...rig, history }, never)).resolves.toEqual({
      aborted_uploads: 1,
    });
    expect(asked).toEqual([request.detail.executionArn]);
    expect(rig.store.uploads.size).toBe(0);
  });

  test('that had started no upload needs nothing', async () => {
    const rig = stepRig();
    const history = { findUpload: async () => undefined };

    await expect(handleAbortRequest(request, { ...rig, history }, never)).resolves.toEqual({
      aborted_uploads: 0,
    });
  });
});
