import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { MultipartUploads, type Part } from '../../../../local/s3-server/multipart-uploads.ts';
import { temporaryDirectory } from '../../../support/temporary-directory.ts';

describe('MultipartUploads', () => {
  const uploads = new MultipartUploads(temporaryDirectory());
  const start = (key: string) =>
    uploads.create({ bucket: 'landing', key, checksumAlgorithm: 'CRC64NVME', headers: {} });

  function received(path: string, etag = 'e1'): Part {
    writeFileSync(path, etag);
    return {
      partNumber: 1,
      sizeBytes: 2,
      etag,
      checksumCrc64Nvme: 'AAAAAAAAAAA=',
      lastModified: new Date(),
      path,
    };
  }

  test('a part takes the place of an earlier one, with its file', async () => {
    const upload = await start('key');
    await uploads.addPart(upload, received(uploads.incomingPartPath(upload), 'e1'));
    await uploads.addPart(upload, received(uploads.incomingPartPath(upload), 'e2'));
    expect([...upload.parts.values()].map(({ etag }) => etag)).toEqual(['e2']);
    expect(readdirSync(upload.folder)).toHaveLength(1);
  });

  test('a part that comes after the close is refused and removed, although the folder is still there', async () => {
    const upload = await start('key');
    const incoming = uploads.incomingPartPath(upload);
    uploads.close(upload);
    await expect(uploads.addPart(upload, received(incoming))).rejects.toMatchObject({ code: 'NoSuchUpload' });
    expect(readdirSync(upload.folder)).toEqual([]);
    expect(upload.parts.size).toBe(0);
  });

  test('removeFiles leaves nothing', async () => {
    const upload = await start('key');
    await uploads.addPart(upload, received(uploads.incomingPartPath(upload)));
    await uploads.removeFiles(upload);
    expect(existsSync(upload.folder)).toBe(false);
  });

  test('ids sort in the order of creation', async () => {
    const ids: string[] = [];
    for (let created = 0; created < 20; created += 1) ids.push((await start('same')).uploadId);
    expect([...ids].sort()).toEqual(ids);
    expect(new Set(ids).size).toBe(20);
  });
});
