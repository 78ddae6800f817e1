import { recommend } from '../../../doctor/recommendation.ts';

const MIB = 1_048_576;
const GIB = 1_073_741_824;

const GOOD = { bytesPerSecond: 50 * MIB, connectSeconds: 0.1, connections: 4, wasRefused: false };

test.each([
  // connecting takes 0.1 s, a twentieth of 2 s: 100 MiB
  ['a large file', { ...GOOD, fileSizeBytes: 100 * GIB }, 100 * MIB, 1_024, 8, 269, 2_061],
  // 64 MiB over 8 connections
  ['a small file', { ...GOOD, fileSizeBytes: 64 * MIB }, 8 * MIB, 8, 8, 1, 2],
  ['less than S3 takes as a part', { ...GOOD, fileSizeBytes: MIB }, 5 * MIB, 1, 1, 1, 1],
  // 0.1 MiB/s: 300 s are 30 MiB
  ['a slow line', { ...GOOD, bytesPerSecond: MIB / 10, fileSizeBytes: GIB }, 30 * MIB, 35, 8, 1_281, 10_241],
  // twenty times 5 s at 50 MiB/s
  [
    'slow connecting',
    { ...GOOD, connectSeconds: 5, fileSizeBytes: 100 * GIB },
    5_000 * MIB,
    21,
    8,
    270,
    2_062,
  ],
  [
    'one connection',
    { ...GOOD, connections: 1, wasRefused: true, fileSizeBytes: GIB },
    100 * MIB,
    11,
    1,
    22,
    22,
  ],
  [
    'three connections',
    { ...GOOD, connections: 3, wasRefused: true, fileSizeBytes: GIB },
    100 * MIB,
    11,
    3,
    8,
    21,
  ],
  // 10,000 chunks are the most: 10,240,000 MiB / 10,000
  ['the largest file', { ...GOOD, fileSizeBytes: 10_000 * GIB }, 1_024 * MIB, 10_000, 8, 25_725, 204_925],
])('%s', (_name, measured, chunkSizeBytes, chunkCount, maxConcurrency, fastest, slowest) => {
  expect(recommend(measured)).toMatchObject({
    file_size_bytes: measured.fileSizeBytes,
    chunk_size_bytes: chunkSizeBytes,
    chunk_count: chunkCount,
    max_concurrency: maxConcurrency,
    expected_seconds: { fastest, slowest },
  });
});

test('says where the width comes from', () => {
  const { reasons } = recommend({ ...GOOD, connections: 2, wasRefused: true, fileSizeBytes: GIB });

  expect(reasons).toEqual(['the server gave 2 connections at a time', 'at 50.0 MiB/s a chunk takes 2 s']);
});

test.each([
  ['fewer sessions than the default width', { ...GOOD, maxSessions: 3 }, 3, true],
  ['as many as the default width', { ...GOOD, maxSessions: 8 }, 8, false],
  ['more than the server gives', { ...GOOD, connections: 2, wasRefused: true, maxSessions: 4 }, 2, false],
  ['one session', { ...GOOD, maxSessions: 1 }, 1, true],
])('never wider than the configuration allows: %s', (_name, measured, width, isReason) => {
  const { max_concurrency, reasons } = recommend({ ...measured, fileSizeBytes: 100 * GIB });

  expect(max_concurrency).toBe(width);
  const sessions = `the configuration allows ${width === 1 ? '1 session' : `${width} sessions`} at a time`;
  expect(reasons.includes(sessions)).toBe(isReason);
});

test('says when no function lives long enough for a chunk', () => {
  const { reasons } = recommend({ ...GOOD, bytesPerSecond: MIB, fileSizeBytes: 9_000 * GIB });

  expect(reasons.at(-1)).toBe(
    'that is more than the 840 s that a function has: this file cannot be moved at this rate',
  );
});
