import { barIds, chunkBars, togetherIn } from '../../../../../cli/report/picture/chunk-bars.ts';
import { figuresOf } from '../../../../../cli/timeline/figures.ts';
import { landedChunk, timeline } from '../../../../support/timelines.ts';

const MIB = 1024 ** 2;

/** Chunks of 10 MiB of one segment, in seconds after the transfer's start. */
function chunks(...spans: [startS: number, endS: number][]) {
  const landed = spans.map(([start, end], index) =>
    landedChunk(index + 1, 10 * MIB, start * 1_000, end * 1_000, { segmentNumber: 1 }),
  );
  return figuresOf(timeline({ durationMs: 60_000, chunks: landed })).chunks;
}

const numbersIn = (bars: ReturnType<typeof chunkBars>) =>
  bars.map((bar) => bar.chunks.map(({ chunk }) => chunk.number));

test('up to 2,000 chunks have a bar each; of more some share one', () => {
  const three = chunks([0, 5], [4, 10], [10.2, 15]);

  expect(numbersIn(chunkBars(three, 2_000))).toEqual([[1], [2], [3]]);
  expect(numbersIn(chunkBars(three, 2_001))).toEqual([[1, 2], [3]]);
  expect(numbersIn(chunkBars(three, 10_000))).toEqual([[1, 2, 3]]);
});

test('a bar ends where a worker failed: none covers its failure', () => {
  expect(numbersIn(chunkBars(chunks([0, 5], [5, 10], [12, 15], [15, 20]), 10_000))).toEqual([
    [1, 2],
    [3, 4],
  ]);
});

test('chunks together: from the first start to the last end, with the waits of all', () => {
  const [bar] = chunkBars(chunks([0, 5], [4, 10]), 10_000);
  if (bar === undefined) throw new Error('no bar');

  expect(togetherIn(bar)).toMatchObject({
    seconds: 10,
    bytesPerSecond: 2 * MIB,
    chunk: { number: 1, sizeBytes: 20 * MIB, waits: { sftpMs: 8_250, s3Ms: 2_750 } },
  });
});

test('the times of a bar are estimated where those of one of its chunks are', () => {
  const [first, second] = chunks([0, 5], [5, 10]);
  if (first === undefined || second === undefined) throw new Error('no chunks');
  const { waits: _, ...chunk } = second.chunk;

  expect(togetherIn({ id: 'x', chunks: [first, { ...second, chunk }] }).chunk.waits).toBeUndefined();
});

test('every chunk of a bar is found in it', () => {
  expect(barIds(chunks([0, 5], [5, 10])).get(2)).toBe('chunk-2');
});
