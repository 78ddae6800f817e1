import { randomBytes } from 'node:crypto';
import { crc64Nvme } from './parts.ts';
import { BUCKET, type StoreRig } from './store-rig.ts';

export function putObjectContract({ never, store, read, nextKey, testIf, capabilities }: StoreRig): void {
  describe('putObject', () => {
    const put = (key: string, bytes: Buffer, onlyIfAbsent = false) =>
      store.putObject(
        {
          bucket: BUCKET,
          key,
          bytes,
          checksumCrc64Nvme: crc64Nvme(bytes),
          metadata: { 'transfer-execution': 'x' },
          onlyIfAbsent,
        },
        never,
      );

    test.each([0, 1, 100_000])('makes an object of %i bytes, with its metadata', async (sizeBytes) => {
      const bytes = randomBytes(sizeBytes);
      const key = nextKey();
      await put(key, bytes);
      await expect(read(key)).resolves.toEqual(bytes);
      await expect(store.headObject({ bucket: BUCKET, key }, never)).resolves.toMatchObject({
        sizeBytes,
        metadata: { 'transfer-execution': 'x' },
      });
    });

    test('replaces an object, unless it must be absent', async () => {
      const key = nextKey();
      await put(key, Buffer.from('old'), true);
      await expect(put(key, Buffer.from('new'), true)).rejects.toMatchObject({ name: 'TargetExistsError' });
      await expect(read(key)).resolves.toEqual(Buffer.from('old'));
      await put(key, Buffer.from('new'));
      await expect(read(key)).resolves.toEqual(Buffer.from('new'));
    });

    testIf(capabilities.verifiesObjectChecksum)('bytes that changed on their way are no object', async () => {
      const key = nextKey();
      const object = { bucket: BUCKET, key, bytes: Buffer.from('x'), metadata: {}, onlyIfAbsent: false };
      const wrong = { ...object, checksumCrc64Nvme: 'rosUhgp5mIg=' };
      await expect(store.putObject(wrong, never)).rejects.toMatchObject({ name: 'UploadFailedError' });
      await expect(store.headObject({ bucket: BUCKET, key }, never)).resolves.toBeUndefined();
    });
  });
}
