import type { StoreRig } from './store-rig.ts';

/** More than ListParts gives in one page. */
const MANY_PARTS = 1_003;

export function listPartsContract({ never, store, start, send, testIf, capabilities }: StoreRig): void {
  describe('listParts', () => {
    test('gives none for a new upload', async () => {
      await expect(store.listParts(await start(), never)).resolves.toEqual([]);
    });

    test('gives all pages in the order of their numbers', async () => {
      const upload = await start();
      const numbers = Array.from({ length: MANY_PARTS }, (_, index) => MANY_PARTS - index);
      const senders = Array.from({ length: 8 }, async () => {
        for (let next = numbers.pop(); next !== undefined; next = numbers.pop()) {
          await send(upload, next, Buffer.from([next % 256]));
        }
      });
      await Promise.all(senders);
      const parts = await store.listParts(upload, never);
      expect(parts.map(({ partNumber }) => partNumber)).toEqual(
        Array.from({ length: MANY_PARTS }, (_, index) => index + 1),
      );
      await store.abortMultipartUpload(upload, never);
    }, 120_000);

    testIf(capabilities.showsChecksums)("shows each part's checksum", async () => {
      const upload = await start();
      await send(upload, 3, Buffer.from('123456789'));
      await send(upload, 7, Buffer.alloc(0));
      await expect(store.listParts(upload, never)).resolves.toMatchObject([
        { partNumber: 3, sizeBytes: 9, checksumCrc64Nvme: 'rosUhgp5mIg=' },
        { partNumber: 7, sizeBytes: 0, checksumCrc64Nvme: 'AAAAAAAAAAA=' },
      ]);
    });
  });
}
