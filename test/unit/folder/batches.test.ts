import { planBatches, sessionsOf } from '../../../folder/batches.ts';

const files = (...sizes: number[]) => sizes.map((sizeBytes) => ({ sizeBytes }));
const sizes = (batches: { sizeBytes: number }[][]) =>
  batches.map((batch) => batch.map((file) => file.sizeBytes));

test.each<[string, number[], number[][]]>([
  ['nothing', [], []],
  ['one file', [1], [[1]]],
  ['as many as a batch has', [1, 1, 1], [[1, 1, 1]]],
  ['one more', [1, 1, 1, 1], [[1, 1, 1], [1]]],
  ['as many bytes as a batch has', [4, 6], [[4, 6]]],
  ['one byte more', [4, 7], [[4], [7]]],
  ['one above the bound by itself', [1, 11, 1], [[1], [11], [1]]],
  ['empty files', [0, 0, 0, 0], [[0, 0, 0], [0]]],
])('%s', (_name, given, expected) => {
  expect(sizes(planBatches(files(...given), { maxFiles: 3, maxBytes: 10 }))).toEqual(expected);
});

test('200 files or 1 GiB by default', () => {
  expect(planBatches(files(...Array(401).fill(1))).map((batch) => batch.length)).toEqual([200, 200, 1]);
  expect(sizes(planBatches(files(1_073_741_823, 1, 1)))).toEqual([[1_073_741_823, 1], [1]]);
});

test.each<[string, { maxFilesAtOnce: number; maxConcurrency: number; batchesAtOnce: number }, number]>([
  ['one at a time, of all', { maxFilesAtOnce: 1, maxConcurrency: 1, batchesAtOnce: 1 }, 1],
  ['large files need most', { maxFilesAtOnce: 2, maxConcurrency: 3, batchesAtOnce: 5 }, 6],
  ['batches need most', { maxFilesAtOnce: 2, maxConcurrency: 3, batchesAtOnce: 7 }, 7],
])('sessions, since the phases follow each other: %s', (_name, run, expected) => {
  expect(sessionsOf(run)).toBe(expected);
});
