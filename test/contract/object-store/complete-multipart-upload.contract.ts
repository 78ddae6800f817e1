import type { MultipartUpload, UploadedPart } from '../../../s3/ports.ts';
import { PART_SIZE_BYTES, part, sha256 } from './parts.ts';
import type { StoreRig } from './store-rig.ts';

export function completeMultipartUploadContract({
  never,
  store,
  start,
  send,
  complete,
  land,
  read,
  testIf,
  capabilities,
}: StoreRig): void {
  describe('completeMultipartUpload', () => {
    const incomplete = expect.objectContaining({ name: 'IncompleteUploadError' });
    const goodParts = async (upload: MultipartUpload) => {
      await send(upload, 1, Buffer.alloc(PART_SIZE_BYTES, 1));
      await send(upload, 2, Buffer.from('end'));
      return store.listParts(upload, never);
    };
    type Parts = readonly UploadedPart[];

    test.each<[string, (parts: Parts) => Parts]>([
      ['a part that was never sent', (parts) => [...parts, part(3, 5)]],
      [
        'another ETag',
        ([first, last]) => [first as UploadedPart, { ...(last as UploadedPart), etag: part(2, 3).etag }],
      ],
      ['parts in another order', (parts) => [...parts].reverse()],
    ])('refuses %s, and leaves the upload open', async (_name, change) => {
      const upload = await start();
      const parts = await goodParts(upload);
      await expect(complete(upload, change(parts))).rejects.toEqual(incomplete);
      await expect(store.headObject(upload, never)).resolves.toBeUndefined();
      await complete(upload, parts);
    });

    test('refuses a part under 5 MiB before the last', async () => {
      const upload = await start();
      await send(upload, 1, Buffer.alloc(PART_SIZE_BYTES - 1));
      await send(upload, 2, Buffer.from('end'));
      await expect(complete(upload, await store.listParts(upload, never))).rejects.toEqual(incomplete);
    });

    testIf(capabilities.verifiesObjectSize)('refuses another size than announced', async () => {
      const upload = await start();
      const parts = await goodParts(upload);
      await expect(complete(upload, parts, { sizeBytes: PART_SIZE_BYTES + 4 })).rejects.toEqual(incomplete);
      await complete(upload, parts);
    });

    testIf(capabilities.verifiesObjectChecksum)('refuses another checksum than announced', async () => {
      const upload = await start();
      const parts = await goodParts(upload);
      await expect(complete(upload, parts, { checksumCrc64Nvme: 'rosUhgp5mIg=' })).rejects.toEqual(
        incomplete,
      );
      await expect(store.headObject(upload, never)).resolves.toBeUndefined();
      await complete(upload, parts);
    });

    test('replaces an object, unless it must be absent', async () => {
      await land('target', Buffer.from('old'));
      const second = await start('target');
      await send(second, 1, Buffer.from('new'));
      const parts = await store.listParts(second, never);
      await expect(complete(second, parts, { onlyIfAbsent: true })).rejects.toEqual(
        expect.objectContaining({ name: 'TargetExistsError' }),
      );
      await expect(read('target')).resolves.toEqual(Buffer.from('old'));
      await complete(second, parts);
      await expect(read('target')).resolves.toEqual(Buffer.from('new'));
    });

    test('makes an object that must be absent, and is', async () => {
      const upload = await start();
      await send(upload, 1, Buffer.from('new'));
      await complete(upload, await store.listParts(upload, never), { onlyIfAbsent: true });
      await expect(read(upload.key)).resolves.toEqual(Buffer.from('new'));
    });

    test('two uploads of one key: the object is whole, and one of the two', async () => {
      const contents = [Buffer.alloc(400_000, 1), Buffer.alloc(300_000, 2)];
      const uploads = await Promise.all(
        contents.map(async (bytes) => {
          const upload = await start('contested');
          await send(upload, 1, bytes);
          return upload;
        }),
      );
      await Promise.all(
        uploads.map(async (upload) => complete(upload, await store.listParts(upload, never))),
      );
      expect(contents.map(sha256)).toContain(sha256(await read('contested')));
    });
  });
}
