import { InvalidTransferRequestError } from '../../../../transfer/errors.ts';
import { chunkAt, evenChunkSize, planChunks } from '../../../../transfer/plan/plan-chunks.ts';

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
    '100 GiB keeps the default',
    107_374_182_400,
    DEFAULT,
    52_428_800,
    2_048,
    107_321_753_600,
    107_374_182_400,
  ],
  [
    '10,000 chunks less one byte',
    524_287_999_999,
    DEFAULT,
    52_428_800,
    10_000,
    524_235_571_200,
    524_287_999_999,
  ],
  ['exactly 10,000 chunks', 524_288_000_000, DEFAULT, 52_428_800, 10_000, 524_235_571_200, 524_288_000_000],
  [
    'one byte more: raised by a MiB',
    524_288_000_001,
    DEFAULT,
    53_477_376,
    9_804,
    524_238_716_928,
    524_288_000_001,
  ],
  ['an odd size that suffices is kept', 20_000_000, 5_242_881, 5_242_881, 4, 15_728_643, 20_000_000],
  ['1 TiB', 1_099_511_627_776, DEFAULT, 110_100_480, 9_987, 1_099_463_393_280, 1_099_511_627_776],
  [
    '48.8 TiB, the largest',
    53_687_091_200_000,
    DEFAULT,
    5_368_709_120,
    10_000,
    53_681_722_490_880,
    53_687_091_200_000,
  ],
])('%s', (_name, sizeBytes, requestedBytes, chunkSizeBytes, chunkCount, lastStart, lastEnd) => {
  const plan = planChunks({ sizeBytes, chunkSizeBytes: requestedBytes });

  expect(plan).toEqual({ chunkSizeBytes, chunkCount });
  expect(chunkAt({ sizeBytes, chunkSizeBytes }, chunkCount)).toEqual({
    chunk_number: chunkCount,
    start_byte: lastStart,
    end_byte: lastEnd,
  });
});

test('chunks follow each other without gap or overlap, numbered from 1', () => {
  const grid = { sizeBytes: 11_534_339, chunkSizeBytes: 5_242_880 };

  expect([1, 2, 3].map((number) => chunkAt(grid, number))).toEqual([
    { chunk_number: 1, start_byte: 0, end_byte: 5_242_880 },
    { chunk_number: 2, start_byte: 5_242_880, end_byte: 10_485_760 },
    { chunk_number: 3, start_byte: 10_485_760, end_byte: 11_534_339 },
  ]);
});

test.each([
  ['one byte too many', 53_687_091_200_001, '1 byte too large'],
  ['a pebibyte', 1_125_899_906_842_624, '1072212815642624 bytes too large'],
])('%s is refused with the reason', (_name, sizeBytes, reason) => {
  const plan = () => planChunks({ sizeBytes, chunkSizeBytes: DEFAULT });

  expect(plan).toThrow(InvalidTransferRequestError);
  expect(plan).toThrow(reason);
  expect(plan).toThrow(`size_bytes is ${sizeBytes}`);
});

describe('chunks with which all connections end together', () => {
  const MIB = 1_048_576;
  test.each([
    // name, file size, chunk size asked for, connections, chunk size
    ['four for each connection', 500 * MIB, DEFAULT, 8, 16 * MIB],
    ['never larger than asked for', 100 * 1024 * MIB, DEFAULT, 8, DEFAULT],
    ['never below 8 MiB', 20 * MIB, DEFAULT, 8, 8 * MIB],
    ['unless smaller ones were asked for', 20 * MIB, 5 * MIB, 8, 5 * MIB],
    ['one connection has nobody to wait for', 500 * MIB, DEFAULT, 1, DEFAULT],
    ['no byte', 0, DEFAULT, 8, 8 * MIB],
  ])('%s', (_name, sizeBytes, chunkSizeBytes, connections, expected) => {
    expect(evenChunkSize({ sizeBytes, chunkSizeBytes }, connections)).toBe(expected);
  });
});
