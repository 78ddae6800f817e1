import { recommend } from '../../../doctor/recommendation.ts';

const MIB = 1_048_576;
const GIB = 1_073_741_824;

/** The partner has granted eight sessions; the check opened four of them. */
const GOOD = {
  bytesPerSecond: 50 * MIB,
  connectSeconds: 0.1,
  connections: 4,
  wasRefused: false,
  maxSessions: 8,
};
const REFUSED = { ...GOOD, wasRefused: true };

test.each([
  // 2,048 chunks in 85 segments are 11 logins for each worker: 256 s and 1.1; 2,048 s need 2 more, of workers that go on
  ['a large file', { ...GOOD, fileSizeBytes: 100 * GIB }, 50 * MIB, 2_048, 8, 258, 2_050],
  // 64 MiB over 8 connections
  ['a small file', { ...GOOD, fileSizeBytes: 64 * MIB }, 8 * MIB, 8, 8, 1, 2],
  ['less than S3 takes as a part', { ...GOOD, fileSizeBytes: MIB }, 5 * MIB, 1, 1, 1, 1],
  // 0.1 MiB/s: 300 s are 30 MiB
  ['a slow line', { ...GOOD, bytesPerSecond: MIB / 10, fileSizeBytes: GIB }, 30 * MIB, 35, 8, 1_281, 10_242],
  // a worker connects once for a segment, not for each chunk: 11 times 5 s, and 13 times
  [
    'slow connecting',
    { ...GOOD, connectSeconds: 5, fileSizeBytes: 100 * GIB },
    50 * MIB,
    2_048,
    8,
    311,
    2_113,
  ],
  ['one connection', { ...REFUSED, connections: 1, fileSizeBytes: GIB }, 50 * MIB, 21, 1, 21, 21],
  ['three connections', { ...REFUSED, connections: 3, fileSizeBytes: GIB }, 50 * MIB, 21, 3, 8, 21],
  // 10,000 chunks are the most: 10,240,000 MiB / 10,000
  ['the largest file', { ...GOOD, fileSizeBytes: 10_000 * GIB }, 1_024 * MIB, 10_000, 8, 25_605, 204_826],
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

  expect(reasons).toEqual(['the server gave 2 connections at a time', 'at 50.0 MiB/s a chunk takes 1 s']);
});

test.each([
  ['fewer sessions than the default width', { ...GOOD, connections: 3, maxSessions: 3 }, 3, true],
  ['as many as the default width', { ...GOOD, maxSessions: 8 }, 8, false],
  ['more than the server gives', { ...GOOD, connections: 2, wasRefused: true, maxSessions: 4 }, 2, false],
  ['more than the default width', { ...GOOD, maxSessions: 40 }, 8, false],
  ['one session', { ...GOOD, connections: 1, maxSessions: 1 }, 1, true],
])('never wider than the configuration allows: %s', (_name, measured, width, isReason) => {
  const { max_concurrency, reasons } = recommend({ ...measured, fileSizeBytes: 100 * GIB });

  expect(max_concurrency).toBe(width);
  const sessions = `the configuration allows ${width === 1 ? '1 session' : `${width} sessions`} at a time`;
  expect(reasons.includes(sessions)).toBe(isReason);
});

test.each([
  // 100 GiB are 2,048 s at 50 MiB/s, 890 s at 115 and 569 s at 180; the logins come to it
  ['a line that one fills', 52.5 * MIB, 8, 1, 2_049, 2_049],
  ['a line that three fill', 115 * MIB, 8, 3, 892, 892],
  ['no more than was granted', 115 * MIB, 2, 2, 1_026, 1_026],
  ['a line with more room than was measured', 180 * MIB, 8, 8, 258, 570],
])('%s', (_name, togetherBytesPerSecond, maxSessions, width, fastest, slowest) => {
  const measured = { ...GOOD, maxSessions, togetherBytesPerSecond, fileSizeBytes: 100 * GIB };
  const { expected_seconds, max_concurrency, reasons } = recommend(measured);

  expect(max_concurrency).toBe(width);
  expect(expected_seconds).toEqual({ fastest, slowest });
  expect(reasons.some((reason) => reason.includes('would share it'))).toBe(width !== maxSessions);
});

test('where nothing was agreed, no wider than what was open at a time', () => {
  const { maxSessions: _, ...unagreed } = GOOD;

  const { max_concurrency, reasons } = recommend({ ...unagreed, fileSizeBytes: 100 * GIB });

  expect(max_concurrency).toBe(4);
  expect(reasons.slice(0, 2)).toEqual([
    'the server gave all 4 connections that were tried',
    'set more, up to 8, only if the partner grants more sessions',
  ]);
});

test('says when no function lives long enough for a chunk', () => {
  const { reasons } = recommend({ ...GOOD, bytesPerSecond: MIB, fileSizeBytes: 9_000 * GIB });

  expect(reasons.at(-1)).toBe(
    'that is more than the 840 s that a function has: this file cannot be moved at this rate',
  );
});
