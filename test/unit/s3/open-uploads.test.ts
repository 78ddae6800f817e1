import { CreateMultipartUploadCommand } from '@aws-sdk/client-s3';
import { listOpenUploads } from '../../../s3/open-uploads.ts';
import { BUCKET, type LandingStore, startLandingStore } from '../../support/s3/landing-store.ts';
import { temporaryDirectory } from '../../support/temporary-directory.ts';

const directory = temporaryDirectory();
const never = new AbortController().signal;
let store: LandingStore;
beforeAll(async () => {
  store = await startLandingStore(directory);
});
afterAll(() => store.close());

test('finds the uploads of this very key', async () => {
  const start = async (Key: string) =>
    (await store.s3.send(new CreateMultipartUploadCommand({ Bucket: BUCKET, Key }))).UploadId;
  const ids = [await start('a b/big.zip'), await start('a b/big.zip')];
  await start('a b/big.zip.old');

  const found = await listOpenUploads(store.s3, { bucket: BUCKET, key: 'a b/big.zip' }, never);

  expect(found.map(({ uploadId }) => uploadId).toSorted()).toEqual(ids.toSorted());
  expect(found[0]).toMatchObject({ bucket: BUCKET, key: 'a b/big.zip', startedAt: expect.any(Date) });
  await expect(listOpenUploads(store.s3, { bucket: BUCKET, key: 'a b' }, never)).resolves.toEqual([]);
});
