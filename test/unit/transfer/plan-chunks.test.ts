import { InvalidTransferRequestError } from '../../../transfer/errors.ts';
import { planChunks } from '../../../transfer/plan-chunks.ts';

const MIB = 1_048_576;
const DEFAULT = 52_428_800;

test.each([
  // name, file size, requested chunk size, chunk size, chunk count, last chunk's start and end
  ['no byte: one empty chunk', 0, DEFAULT, 52_428_800, 1, 0, 0],
  ['one byte', 1, DEFAULT, 52_428_800, 1, 0, 1],
  ['one chunk less one byte', 52_428_799, DEFAULT, 52_428_800, 1, 0, 52_428_799],
  ['exactly one chunk: no empty last one', 52_428_800, DEFAULT, 52_428_800, 1, 0, 52_428_800],
  ['one chunk and one byte', 52_428_801, DEFAULT, 52_428_800, 2, 52_428_800, 52_428_801],
  ['exactly three chunks', 157_286_400, DEFAULT, 52_428_800, 3, 104_857_600, 157_286_400],
  ['the smallest part', 10_485_761, 5_242_880, 5_242_880, 3, 10_485_760, 10_485_761],
  [
    '2,000 chunks less one byte',
    104_857_599_999,
    DEFAULT,
    52_428_800,
    2_000,
    104_805_171_200,
    104_857_599_999,
  ],
  ['exactly 2,000 chunks', 104_857_600_000, DEFAULT, 52_428_800, 2_000, 104_805_171_200, 104_857_600_000],
  [
    'one byte more: raised by a MiB',
    104_857_600_001,
    DEFAULT,
    53_477_376,
    1_961,
    104_815_656_960,
    104_857_600_001,
  ],
  ['an odd size that suffices is kept', 20_000_000, 5_242_881, 5_242_881, 4, 15_728_643, 20_000_000],
  ['1 TiB', 1_099_511_627_776, DEFAULT, 550_502_400, 1_998, 1_099_353_292_800, 1_099_511_627_776],
  [
    '9.77 TiB, the largest',
    10_737_418_240_000,
    DEFAULT,
    5_368_709_120,
    2_000,
    10_732_049_530_880,
    10_737_418_240_000,
  ],
])('%s', (_name, sizeBytes, chunkSizeBytes, expectedChunkSize, count, lastStart, lastEnd) => {
  const plan = planChunks({ sizeBytes, chunkSizeBytes, maxConcurrency: 8 });

  expect(plan).toMatchObject({ chunk_size_bytes: expectedChunkSize, chunk_count: count, max_concurrency: 8 });
  expect(plan.chunks).toHaveLength(count);
  expect(plan.chunks.at(-1)).toEqual({ chunk_number: count, start_byte: lastStart, end_byte: lastEnd });
});

test('chunks follow each other without gap or overlap, numbered from 1', () => {
  const { chunks } = planChunks({ sizeBytes: 11 * MIB + 3, chunkSizeBytes: 5 * MIB, maxConcurrency: 8 });

  expect(chunks).toEqual([
    { chunk_number: 1, start_byte: 0, end_byte: 5_242_880 },
    { chunk_number: 2, start_byte: 5_242_880, end_byte: 10_485_760 },
    { chunk_number: 3, start_byte: 10_485_760, end_byte: 11_534_339 },
  ]);
});

test.each([
  ['one byte too many', 10_737_418_240_001, '1 bytes too large'],
  ["S3's largest object, 48.8 TiB", 53_687_091_200_000, '42949672960000 bytes too large'],
])('%s is refused with the reason', (_name, sizeBytes, reason) => {
  const plan = () => planChunks({ sizeBytes, chunkSizeBytes: DEFAULT, maxConcurrency: 8 });

  expect(plan).toThrow(InvalidTransferRequestError);
  expect(plan).toThrow(reason);
  expect(plan).toThrow(`size_bytes is ${sizeBytes}`);
});
