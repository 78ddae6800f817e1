import { proveCleanup } from '../../../../cli/deployed/prove-cleanup.ts';
import type { MultipartUpload } from '../../../../s3/ports.ts';
import { UploadGoneError } from '../../../../transfer/errors.ts';
import { stepRig, UPLOAD } from '../../../support/step-rig.ts';

const never = new AbortController().signal;

/** An execution whose upload S3 knows for so many looks. */
function stopped(looks: number, upload: MultipartUpload | undefined = UPLOAD) {
  const { clock, sleeps } = stepRig();
  let looked = 0;
  const prove = () =>
    proveCleanup(
      'arn',
      {
        clock,
        history: { findUpload: async () => upload },
        store: {
          listParts: async () => {
            looked += 1;
            if (looked > looks) throw new UploadGoneError('gone');
            return [];
          },
        },
      },
      10_000,
      never,
    );
  return { prove, sleeps };
}

test('an execution that had started no upload left nothing', async () => {
  const { prove, sleeps } = stopped(0);
  await prove();

  await expect(
    proveCleanup(
      'arn',
      {
        clock: stepRig().clock,
        history: { findUpload: async () => undefined },
        store: { listParts: async () => [] },
      },
      10_000,
      never,
    ),
  ).resolves.toEqual({ proved: true, upload: undefined });
  expect(sleeps).toEqual([]);
});

test('it looks until S3 knows the upload no more', async () => {
  const { prove, sleeps } = stopped(3);

  await expect(prove()).resolves.toEqual({ proved: true, upload: UPLOAD });
  expect(sleeps).toEqual([2_000, 2_000, 2_000]);
});

test('an upload that stays is told when the time is over', async () => {
  const { prove } = stopped(100);

  await expect(prove()).resolves.toEqual({
    proved: false,
    upload: UPLOAD,
    reason: 'after 10 s the upload still has 0 parts',
  });
});

test('what S3 refuses to show is not proved, and no error', async () => {
  const { clock } = stepRig();
  const denied = Object.assign(new Error('not allowed'), { name: 'AccessDenied' });

  await expect(
    proveCleanup(
      'arn',
      {
        clock,
        history: { findUpload: async () => UPLOAD },
        store: {
          listParts: async () => {
            throw denied;
          },
        },
      },
      10_000,
      never,
    ),
  ).resolves.toEqual({ proved: false, upload: UPLOAD, reason: 'not allowed' });
});
