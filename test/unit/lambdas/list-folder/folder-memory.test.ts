import { FolderMemory } from '../../../../lambdas/list-folder/folder-memory.ts';
import type { FolderLook } from '../../../../lambdas/shared/look-at-folder.ts';
import { RecordingTelemetry } from '../../../support/recording-telemetry.ts';
import { never } from '../../../support/sftp/partner.ts';
import { MemoryStateFiles } from '../../../support/state-files.ts';

const LISTING = 'state/acme/daily/listing.jsonl.gz';
const BASELINE = 'state/acme/daily/baseline.jsonl.gz';

const look = (paths: string[], unread: FolderLook['unread'] = []): FolderLook => ({
  rootPath: '/in',
  entries: [],
  unread,
  manifests: new Map(),
  observations: new Map(
    paths.map((path, n) => [
      path,
      { sizeBytes: n, modifiedAtSeconds: n, sinceMs: 5, lastSeenMs: 5, firstSeenMs: 5, changes: 0 },
    ]),
  ),
});

function memoryOf(folder = 'daily', files = new MemoryStateFiles()) {
  return { files, telemetry: new RecordingTelemetry(), memory: new FolderMemory(files, 'acme', folder) };
}

test('the next run finds the listing of the last one, and only of its own folder', async () => {
  const { files, memory, telemetry } = memoryOf();
  const seen = look(['a', 'b']);
  await memory.keepListing(seen, (await memory.listing(never)).etag, telemetry, never);

  const next = await memoryOf('daily', files).memory.listing(never);
  expect(next.snapshot).toEqual({ isComplete: true, observations: seen.observations });
  expect((await memoryOf('weekly', files).memory.listing(never)).snapshot.observations.size).toBe(0);
});

test('of two runs at once the quicker keeps its listing; the other says so and goes on', async () => {
  const { files, memory, telemetry } = memoryOf();
  await memory.keepListing(look(['before']), undefined, telemetry, never);
  const [one, two] = [await memory.listing(never), await memory.listing(never)];
  await memory.keepListing(look(['one']), one.etag, telemetry, never);
  const kept = files.files.get(LISTING);
  expect(telemetry.warnings()).toEqual([]);

  await memory.keepListing(look(['two']), two.etag, telemetry, never);
  expect(files.files.get(LISTING)).toBe(kept);
  expect(telemetry.warnings()).toHaveLength(1);
});

test('a first listing does not take the place of one that came meanwhile', async () => {
  const { memory, telemetry } = memoryOf();
  await memory.keepListing(look(['one']), undefined, telemetry, never);
  await memory.keepListing(look(['two']), undefined, telemetry, never);
  expect([...(await memory.listing(never)).snapshot.observations.keys()]).toEqual(['one']);
});

test('a folder that was not read makes the listing incomplete for the next run', async () => {
  const { memory, telemetry } = memoryOf();
  await memory.keepListing(look(['a'], [{ path: 'x', message: 'no' }]), undefined, telemetry, never);
  expect((await memory.listing(never)).snapshot.isComplete).toBe(false);
});

test('the baseline is the first complete listing, and never changes', async () => {
  const { files, memory } = memoryOf();
  const broken = look(['a'], [{ path: 'x', message: 'no' }]);
  expect([...(await memory.baseline(broken, false, never)).keys()]).toEqual(['a']);
  expect(files.files.has(BASELINE)).toBe(false);

  expect([...(await memory.baseline(look(['a', 'b']), true, never)).keys()]).toEqual(['a', 'b']);
  expect(files.files.has(BASELINE)).toBe(false);

  expect([...(await memory.baseline(look(['a', 'b']), false, never)).keys()]).toEqual(['a', 'b']);
  expect([...(await memory.baseline(look(['a', 'b', 'c']), false, never)).keys()]).toEqual(['a', 'b']);
});

test('of two runs that keep a first baseline at once, both go by the one that was kept', async () => {
  const { files, memory } = memoryOf();
  const write = files.write.bind(files);
  files.write = async (key, bytes, signal, condition) => {
    files.write = write;
    await memoryOf('daily', files).memory.baseline(look(['quicker']), false, signal);
    return write(key, bytes, signal, condition);
  };
  expect([...(await memory.baseline(look(['a', 'b']), false, never)).keys()]).toEqual(['quicker']);
});

test('a listing that cannot be read ends the run: it is never taken for an empty folder', async () => {
  const { files, memory } = memoryOf();
  files.files.set(LISTING, Buffer.from('half a file'));
  await expect(memory.listing(never)).rejects.toThrow(LISTING);
});
