import { findRemains } from '../../../local/remains.ts';
import { UploadFailedError } from '../../../transfer/errors.ts';
import { TRANSFER_ID_METADATA_KEY } from '../../../transfer/object-metadata.ts';
import { MemoryObjectStore } from '../../support/s3/memory-object-store.ts';
import { plannedFile, UPLOAD } from '../../support/step-rig.ts';

const never = new AbortController().signal;
const ID = 'id-of-this-transfer';
const file = plannedFile(4, { object_metadata: { [TRANSFER_ID_METADATA_KEY]: ID } });
const part = { partNumber: 1, sizeBytes: 4, body: [Buffer.from('part')] as never };
const down = async (): Promise<never> => {
  throw new UploadFailedError('S3 answers 503');
};

function putObject(store: MemoryObjectStore, id: string): void {
  const head = { etag: 'e', sizeBytes: 4, metadata: { [TRANSFER_ID_METADATA_KEY]: id } };
  store.objects.set(`${file.bucket}/${file.key}`, { bytes: Buffer.alloc(4), head });
}

test('without an upload nothing can be left, and S3 is not asked', async () => {
  const store = { listParts: down, headObject: down };
  await expect(findRemains(file, undefined, store, never)).resolves.toEqual({
    upload: { state: 'none' },
    object: 'none',
  });
});

test('an upload that S3 no longer has is gone', async () => {
  await expect(findRemains(file, UPLOAD, new MemoryObjectStore(), never)).resolves.toEqual({
    upload: { state: 'gone' },
    object: 'none',
  });
});

test('an upload that S3 still has is left, with its parts', async () => {
  const store = new MemoryObjectStore();
  store.start(UPLOAD);
  await store.uploadPart(UPLOAD, part, never);
  const { upload } = await findRemains(file, UPLOAD, store, never);
  expect(upload).toEqual({ state: 'left', upload: UPLOAD, parts: 1 });
});

test.each([
  ['of this transfer', ID, 'made'],
  ['of another', 'another id', 'none'],
])('an object %s under the key', async (_whose, id, object) => {
  const store = new MemoryObjectStore();
  putObject(store, id);
  await expect(findRemains(file, UPLOAD, store, never)).resolves.toMatchObject({ object });
});

test('what S3 does not answer is unknown, never nothing', async () => {
  const store = { listParts: down, headObject: down };
  await expect(findRemains(file, UPLOAD, store, never)).resolves.toEqual({
    upload: { state: 'unknown', upload: UPLOAD, reason: 'S3 answers 503' },
    object: 'unknown',
  });
});
