import { createS3Client } from '../../../s3/client.ts';
import { S3ObjectStore } from '../../../s3/object-store.ts';
import { UploadFailedError, UploadGoneError } from '../../../transfer/errors.ts';
import { inPieces } from './parts.ts';
import { BUCKET, type StoreRig } from './store-rig.ts';

/** A bucket that is not there, and a store that nobody answers for. */
export function missingStoreContract({ never, store }: StoreRig): void {
  test('names the bucket that does not exist', async () => {
    const upload = { bucket: 'no-such-bucket', key: 'k', uploadId: 'x' };
    await expect(store.listParts(upload, never)).rejects.toEqual(
      expect.objectContaining({
        name: 'InvalidTransferRequestError',
        message: 'bucket is "no-such-bucket", but there is no such bucket',
      }),
    );
  });

  test('an upload is gone with its bucket: there is nothing to abort', async () => {
    const upload = { bucket: 'no-such-bucket', key: 'k', uploadId: 'x' };
    await expect(store.abortMultipartUpload(upload, never)).rejects.toBeInstanceOf(UploadGoneError);
  });

  test('a store that does not answer is UploadFailedError', async () => {
    const nobody = createS3Client({
      endpoint: 'http://127.0.0.1:1',
      region: 'us-east-1',
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
      maxAttempts: 1,
    });
    const upload = { bucket: BUCKET, key: 'k', uploadId: 'x' };
    const unreachable = new S3ObjectStore(nobody);
    await expect(unreachable.listParts(upload, never)).rejects.toBeInstanceOf(UploadFailedError);
    await expect(
      unreachable.uploadPart(
        upload,
        { partNumber: 1, sizeBytes: 3, body: inPieces(Buffer.from('abc')) },
        never,
      ),
    ).rejects.toBeInstanceOf(UploadFailedError);
    nobody.destroy();
  });
}
