import type { Segment } from '../../../../transfer/contracts.ts';
import { MAX_WORKERS_PER_EXECUTION, planSegments } from '../../../../transfer/plan/plan-segments.ts';

const numbersTo = (count: number) => Array.from({ length: count }, (_, index) => index + 1);
const sizesOf = (segments: readonly Segment[]) =>
  segments.map(({ next_chunk, last_chunk }) => last_chunk - next_chunk + 1);
const workersOf = (segments: readonly Segment[]) =>
  segments.reduce((sum, { workers_left }) => sum + workers_left, 0);

test.each([
  // name, chunks, width, sizes
  ['one chunk, one wide', 1, 1, [1]],
  ['one chunk, eight wide', 1, 8, [1]],
  ['one wide: there is nobody to share with', 21, 1, [21]],
  ['as many chunks as workers', 8, 8, [1, 1, 1, 1, 1, 1, 1, 1]],
  ['two for each worker: single ones', 4, 2, [1, 1, 1, 1]],
  ['one more: the first is larger', 5, 2, [2, 1, 1, 1]],
  ['large ones first, single ones at the end', 21, 2, [6, 4, 3, 2, 2, 1, 1, 1, 1]],
  ['40 wide, fewer chunks than that', 7, 40, [1, 1, 1, 1, 1, 1, 1]],
])('%s', (_name, count, maxConcurrency, sizes) => {
  const segments = planSegments({ chunks: numbersTo(count), maxConcurrency });

  expect(sizesOf(segments)).toEqual(sizes);
  expect(segments.map(({ segment_number }) => segment_number)).toEqual(numbersTo(sizes.length));
});

test.each([
  // name, chunks, width, segments (a login each), chunks of the first
  ['100 GiB in chunks of 50 MiB, 8 wide', 2_048, 8, 85, 128],
  ['1 TiB in chunks of 105 MiB, 8 wide', 9_987, 8, 110, 625],
  ['the most parts, 8 wide', 10_000, 8, 110, 625],
  ['the most parts, 40 wide', 10_000, 40, 431, 125],
  ['the most parts, 1 wide', 10_000, 1, 1, 10_000],
])('%s', (_name, count, maxConcurrency, segmentCount, first) => {
  const segments = planSegments({ chunks: numbersTo(count), maxConcurrency });

  expect(segments).toHaveLength(segmentCount);
  expect(sizesOf(segments)[0]).toBe(first);
});

test.each([1, 2, 3, 7, 8, 40])(
  '%i wide, every chunk is in one segment, in order, whatever their number',
  (width) => {
    for (const count of [1, 2, 3, 15, 16, 17, 79, 80, 81, 1_999, 2_400, 2_401, 9_999, 10_000]) {
      const segments = planSegments({ chunks: numbersTo(count), maxConcurrency: width });
      const covered = segments.flatMap(({ next_chunk, last_chunk }) =>
        numbersTo(last_chunk - next_chunk + 1).map((offset) => next_chunk + offset - 1),
      );
      expect(covered).toEqual(numbersTo(count));
    }
  },
);

describe('what is missing', () => {
  test('is cut by its count: chunks in between that are there count nothing', () => {
    const missing = [2, 3, 9, 10, 11, 20];

    expect(planSegments({ chunks: missing, maxConcurrency: 2 })).toEqual([
      { segment_number: 1, next_chunk: 2, last_chunk: 3, workers_left: 2 },
      { segment_number: 2, next_chunk: 9, last_chunk: 9, workers_left: 1 },
      { segment_number: 3, next_chunk: 10, last_chunk: 10, workers_left: 1 },
      { segment_number: 4, next_chunk: 11, last_chunk: 11, workers_left: 1 },
      { segment_number: 5, next_chunk: 20, last_chunk: 20, workers_left: 1 },
    ]);
  });

  test('is nothing: there is nothing to do', () => {
    expect(planSegments({ chunks: [], maxConcurrency: 8 })).toEqual([]);
    expect(planSegments({ chunks: [], maxConcurrency: 1 })).toEqual([]);
  });
});

describe('workers', () => {
  test.each([1, 8, 40])(
    '%i wide: one for each chunk, where an execution may have as many',
    (maxConcurrency) => {
      const segments = planSegments({ chunks: numbersTo(MAX_WORKERS_PER_EXECUTION), maxConcurrency });

      expect(segments.map(({ workers_left }) => workers_left)).toEqual(sizesOf(segments));
    },
  );

  test.each([
    [MAX_WORKERS_PER_EXECUTION + 1, 1],
    [MAX_WORKERS_PER_EXECUTION + 1, 40],
    [10_000, 1],
    [10_000, 8],
    [10_000, 40],
  ])(
    '%i chunks, %i wide: by the share of the segment, and never more than an execution may have',
    (count, width) => {
      const segments = planSegments({ chunks: numbersTo(count), maxConcurrency: width });
      const workers = workersOf(segments);

      expect(workers).toBeLessThanOrEqual(MAX_WORKERS_PER_EXECUTION);
      expect(workers).toBeGreaterThan(MAX_WORKERS_PER_EXECUTION - segments.length - 1);
      for (const { workers_left } of segments) expect(workers_left).toBeGreaterThanOrEqual(1);
    },
  );
});
