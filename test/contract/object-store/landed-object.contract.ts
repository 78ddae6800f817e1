import { randomBytes } from 'node:crypto';
import { crc64Nvme, PART_SIZE_BYTES, sha256 } from './parts.ts';
import { BUCKET, type StoreRig } from './store-rig.ts';

/** What was sent is what is read: bytes, key, metadata, checksum. */
export function landedObjectContract({
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
  describe('a landed object', () => {
    test.each([
      ['no bytes', []],
      ['one byte', [1]],
      ['one part', [PART_SIZE_BYTES]],
      ['a last part of one byte', [PART_SIZE_BYTES, 1]],
      ['three parts', [PART_SIZE_BYTES, PART_SIZE_BYTES + 1, 12_345]],
    ])('has the bytes of its parts: %s', async (name, sizes) => {
      const parts = sizes.length === 0 ? [Buffer.alloc(0)] : sizes.map((size) => randomBytes(size));
      await land(name, ...parts);
      expect(sha256(await read(name))).toBe(sha256(Buffer.concat(parts)));
      await expect(store.headObject({ bucket: BUCKET, key: name }, never)).resolves.toMatchObject({
        sizeBytes: sizes.reduce((sum, size) => sum + size, 0),
      });
    });

    test.each([
      'folder/übung – 漢字 🚚.bin',
      ' leading and trailing ',
      'a+b&c=d?e#f%20g',
      'a/../b/./c//d',
      'k'.repeat(1_024),
      ...(capabilities.takesControlCharacters ? ['line\nbreak\tand \u0001'] : []),
    ])('keeps its key and metadata: %j', async (key) => {
      const upload = await start(key, { 'sftp-path': '/outbound/a b.bin', size: '3' });
      await send(upload, 1, Buffer.from('abc'));
      await complete(upload, await store.listParts(upload, never));
      await expect(read(key)).resolves.toEqual(Buffer.from('abc'));
      await expect(store.headObject({ bucket: BUCKET, key }, never)).resolves.toMatchObject({
        metadata: { 'sftp-path': '/outbound/a b.bin', size: '3' },
      });
    });

    testIf(capabilities.showsChecksums)('shows the checksum of the whole', async () => {
      const parts = [randomBytes(PART_SIZE_BYTES), randomBytes(7)];
      const upload = await start('checksum');
      for (const [index, bytes] of parts.entries()) await send(upload, index + 1, bytes);
      const completed = await complete(upload, await store.listParts(upload, never));
      const expected = crc64Nvme(Buffer.concat(parts));
      expect(completed.checksumCrc64Nvme).toBe(expected);
      await expect(store.headObject({ bucket: BUCKET, key: 'checksum' }, never)).resolves.toMatchObject({
        checksumCrc64Nvme: expected,
        etag: completed.etag,
      });
    });
  });
}
