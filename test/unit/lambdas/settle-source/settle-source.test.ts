import { settleSource } from '../../../../lambdas/settle-source/settle-source.ts';
import type { LandedGeneration, LandedObject } from '../../../../ledger/entry.ts';
import type { ObjectHead } from '../../../../s3/ports.ts';
import type { FolderOperations } from '../../../../sftp/folder/ports.ts';

const FILE = { sizeBytes: 7, modifiedAtSeconds: 1_700_000_000 };
const never = new AbortController().signal;

/** Asks to remove the source of a file whose object was recorded so, where the store now says this. */
async function settle(recorded: Partial<LandedObject>, now: Partial<ObjectHead> | undefined) {
  const removed: string[] = [];
  const folders: Partial<FolderOperations> = {
    lookAt: async () => (removed.length > 0 ? undefined : { ...FILE, type: 'file' }),
    remove: async (path) => {
      removed.push(path);
      return { done: true };
    },
  };
  const landed: LandedGeneration = {
    ...FILE,
    generation: 1,
    owner: 'run',
    landedAtMs: 0,
    object: { bucket: 'landing', key: 'a', etag: '"1"', ...recorded },
    after: { action: 'delete' },
  };
  const head = now && { etag: '"1"', sizeBytes: FILE.sizeBytes, metadata: {}, ...now };
  const settled = await settleSource(
    { action: 'delete', path: '/out/a', onConflict: 'leave', createFolders: false, landed },
    { folders: folders as FolderOperations, store: { headObject: async () => head } },
    never,
  );
  return { removed, left: settled.done ? undefined : settled.error.name };
}

test.each<[string, Partial<LandedObject>, Partial<ObjectHead>]>([
  ['its checksum', { crc64Nvme: 'AAA=' }, { checksumCrc64Nvme: 'AAA=' }],
  ['its checksum, whatever the ETag', { crc64Nvme: 'AAA=', etag: '' }, { checksumCrc64Nvme: 'AAA=' }],
  ['its ETag, where no checksum is given any more', { crc64Nvme: 'AAA=' }, {}],
  ['its ETag', {}, {}],
])('a source goes where the object is proved by %s', async (_name, recorded, now) => {
  expect(await settle(recorded, now)).toEqual({ removed: ['/out/a'], left: undefined });
});

test.each<[string, Partial<LandedObject>, Partial<ObjectHead> | undefined, string]>([
  ['is gone', {}, undefined, 'object-gone'],
  ['has another size', {}, { sizeBytes: 8 }, 'object-different'],
  ['has another checksum', { crc64Nvme: 'AAA=' }, { checksumCrc64Nvme: 'AAB=' }, 'object-different'],
  ['has another ETag', {}, { etag: '"2"' }, 'object-different'],
  ['has neither now', {}, { etag: '' }, 'object-unprovable'],
  ['had neither', { etag: '' }, {}, 'object-unprovable'],
  ['never had either: its size alone proves nothing', { etag: '' }, { etag: '' }, 'object-unprovable'],
])('a source stays where the object %s', async (_name, recorded, now, left) => {
  expect(await settle(recorded, now)).toEqual({ removed: [], left });
});
