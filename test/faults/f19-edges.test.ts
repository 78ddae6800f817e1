import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { MIB } from '../support/transfer-rig.ts';
import { describeFault } from './support/fault.ts';
import { withPartner } from './support/partner-rig.ts';

/** What S3 takes, and what 2,000 parts of 5 GiB hold. */
const S3_MAX_OBJECT_BYTES = 53_687_091_200_000;

describeFault('F19', 'edges', (tell) => {
  test.each([
    ['zero bytes', 0, 1],
    ['one byte', 1, 1],
    ['an exact multiple', 10 * MIB, 2],
    ['one byte more', 10 * MIB + 1, 3],
  ])('%s', async (name, sizeBytes, parts) => {
    await withPartner(async (rig) => {
      const { path, sha256 } = await rig.put('file.bin', sizeBytes);

      const { outcome } = await rig.transfer(rig.source(), { sftp_file_path: path, target_s3_key: 'landed' });

      expect(outcome).toMatchObject({ status: 'SUCCEEDED', object: { size_bytes: sizeBytes, parts } });
      expect(await rig.store.hashOf('landed')).toBe(sha256);
      tell(`${name} landed in ${parts}`);
    });
  });

  test.each([
    ['a directory', '/folder', 'SourceNotAFileError', /is a directory/],
    ['no such file', '/nothing', 'SourceNotFoundError', /no file/],
    ['no permission', '/hidden.bin', 'SourcePermissionError', /does not let this user read/],
  ])('%s', async (name, path, error, cause) => {
    await withPartner(
      async (rig) => {
        await mkdir(join(rig.folder, 'folder'));
        await rig.put('hidden.bin', 6 * MIB);

        const { outcome } = await rig.transfer(rig.source(), {
          sftp_file_path: path,
          target_s3_key: 'never',
        });

        expect(outcome).toMatchObject({ status: 'FAILED', error });
        expect(outcome).toHaveProperty('cause', expect.stringMatching(cause));
        expect(await rig.store.keys()).toEqual([]);
        tell(`${name}: ${error}`);
      },
      { faults: { isUnreadable: (path) => path === '/hidden.bin' } },
    );
  });

  test.each([1_024, 5 * MIB - 1, 5 * 1024 * MIB + 1, 1.5 * MIB, -1, Number.MAX_SAFE_INTEGER])(
    'a chunk size of %s bytes',
    async (chunk_size_bytes) => {
      await withPartner(async (rig) => {
        const { path } = await rig.put('file.bin', 1);
        const { outcome } = await rig.transfer(rig.source(), { sftp_file_path: path, chunk_size_bytes });
        expect(outcome).toMatchObject({ status: 'FAILED', error: 'InvalidTransferRequestError' });
        expect(outcome).toHaveProperty(
          'cause',
          expect.stringContaining(`chunk_size_bytes is ${chunk_size_bytes}`),
        );
        expect(rig.server.record.connections).toBe(0);
      });
    },
  );
  afterAll(() => tell('6 absurd chunk sizes: InvalidTransferRequestError, nothing connected'));

  test('a file of 48.8 TiB, as its server says, is planned, and its early end is noticed', async () => {
    await withPartner(
      async (rig) => {
        const { path } = await rig.put('file.bin', 1);
        const { outcome } = await rig.transfer(rig.source(), { sftp_file_path: path });
        expect(outcome).toMatchObject({ status: 'FAILED', error: 'SourceChangedError' });
        expect(await rig.store.openUploads()).toEqual([]);
        tell('48.8 TiB: planned');
      },
      { faults: { sizeOf: () => S3_MAX_OBJECT_BYTES } },
    );
  });

  test.each([
    ['48.8 TiB and one byte', S3_MAX_OBJECT_BYTES + 1, '1 byte too large'],
    ['100 TiB', 109_951_162_777_600, '56264071577600 bytes too large'],
  ])('a file of %s', async (name, sizeBytes, byHowMuch) => {
    await withPartner(
      async (rig) => {
        const { path } = await rig.put('file.bin', 1);
        const { outcome } = await rig.transfer(rig.source(), { sftp_file_path: path });
        expect(outcome).toMatchObject({ status: 'FAILED', error: 'InvalidTransferRequestError' });
        expect(outcome).toHaveProperty('cause', expect.stringContaining(byHowMuch));
        expect(rig.front.count('CreateMultipartUpload')).toBe(0);
        tell(`${name}: InvalidTransferRequestError`);
      },
      { faults: { sizeOf: () => sizeBytes } },
    );
  });
});
