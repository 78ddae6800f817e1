import { gzipSync } from 'node:zlib';
import {
  type ListingSnapshot,
  packSnapshot,
  unpackSnapshot,
} from '../../../../folder/run/listing-snapshot.ts';

const seen = (n: number) => ({
  sizeBytes: n,
  modifiedAtSeconds: n + 1,
  sinceMs: n + 2,
  lastSeenMs: n + 2,
  firstSeenMs: n + 3,
  changes: n,
});

const snapshotOf = (paths: readonly string[], isComplete = true): ListingSnapshot => ({
  isComplete,
  observations: new Map(paths.map((path, n) => [path, seen(n)])),
});

test.each([
  ['nothing', []],
  ['one path', ['a.csv']],
  // A line end of any kind in a name must not end its line.
  [
    'odd names',
    ['a\nb', 'a\r\nb', 'a\u2028b', 'a\u2029b', '"', '\\', '日本/é.csv', '\ud83d\ude00', '\u0000'],
  ],
  // More than one piece, and characters of several bytes where the pieces meet.
  [
    'many paths',
    Array.from({ length: 2_500 }, (_, n) => `日本語のファイル名/${'é'.repeat(n % 50)}-${n}.csv`),
  ],
])('%s comes back as it was kept', async (_name, paths) => {
  const snapshot = snapshotOf(paths);
  expect(await unpackSnapshot(await packSnapshot(snapshot), 'x')).toEqual(snapshot);
});

test('that a folder was not read is kept', async () => {
  expect((await unpackSnapshot(await packSnapshot(snapshotOf(['a'], false)), 'x')).isComplete).toBe(false);
});

test('what is kept when a file was last seen is when it was first seen so', async () => {
  const observations = new Map([['a', { ...seen(1), lastSeenMs: 9_999 }]]);
  const back = await unpackSnapshot(await packSnapshot({ isComplete: true, observations }), 'x');
  expect(back.observations.get('a')).toEqual(seen(1));
});

test.each([
  ['bytes that are not packed', async () => Buffer.from('{"complete":true}\n')],
  ['an empty file', async () => Buffer.alloc(0)],
  ['a listing of no line', async () => gzipSync('')],
  ['a head that is none', async () => gzipSync('{"finished":true}\n')],
  ['a line with a field too few', async () => gzipSync('{"complete":true}\n["a",1,2,3,4]\n')],
  ['a line of another kind', async () => gzipSync('{"complete":true}\n{"path":"a"}\n')],
  ['the first half of a file', async () => (await packSnapshot(snapshotOf(['a', 'b', 'c']))).subarray(0, 40)],
])('%s is refused by name, never taken for a listing', async (_name, bytes) => {
  await expect(unpackSnapshot(await bytes(), 'daily.listing')).rejects.toMatchObject({
    name: 'InvalidTransferRequestError',
    message: expect.stringContaining(
      'listing is "daily.listing", but it must be a listing that an earlier run',
    ),
  });
});
