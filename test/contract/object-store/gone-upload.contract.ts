import { randomBytes } from 'node:crypto';
import type { MultipartUpload } from '../../../s3/ports.ts';
import { PART_SIZE_BYTES, part } from './parts.ts';
import { BUCKET, type StoreRig } from './store-rig.ts';

/** An upload that was aborted, completed, or never was: every call says so. */
export function goneUploadContract({
  never,
  store,
  start,
  send,
  complete,
  openUploads,
  capabilities,
}: StoreRig): void {
  describe('an upload that is gone', () => {
    const uploadGone = expect.objectContaining({ name: 'UploadGoneError' });
    type Call = [name: string, (upload: MultipartUpload) => Promise<unknown>];
    const calls: Call[] = [
      ['listParts', (upload) => store.listParts(upload, never)],
      ['abortMultipartUpload', (upload) => store.abortMultipartUpload(upload, never)],
    ];
    const lateCalls: Call[] = [
      ['uploadPart', (upload) => send(upload, 1, randomBytes(100_000))],
      ['uploadPart of a large part', (upload) => send(upload, 1, randomBytes(PART_SIZE_BYTES))],
      ['uploadPart of no bytes', (upload) => send(upload, 1, Buffer.alloc(0))],
      ['completeMultipartUpload', (upload) => complete(upload, [part(1, 4)])],
    ];
    if (capabilities.knowsGoneUploads) calls.push(...lateCalls);

    test.each(calls)('%s says so after an abort', async (_name, call) => {
      const upload = await start();
      await send(upload, 1, Buffer.from('part'));
      await store.abortMultipartUpload(upload, never);
      await expect(call(upload)).rejects.toEqual(uploadGone);
      await expect(openUploads()).resolves.not.toContain(upload.uploadId);
    });

    test.each(calls)('%s says so of an id that never was', async (_name, call) => {
      const upload = { bucket: BUCKET, key: 'never', uploadId: 'bm8tc3VjaC11cGxvYWQ' };
      await expect(call(upload)).rejects.toEqual(uploadGone);
    });

    test('listParts and abortMultipartUpload say so after the completion', async () => {
      const upload = await start();
      await send(upload, 1, Buffer.from('part'));
      await complete(upload, await store.listParts(upload, never));
      await expect(store.listParts(upload, never)).rejects.toEqual(uploadGone);
      await expect(store.abortMultipartUpload(upload, never)).rejects.toEqual(uploadGone);
      await expect(openUploads()).resolves.not.toContain(upload.uploadId);
    });
  });
}
