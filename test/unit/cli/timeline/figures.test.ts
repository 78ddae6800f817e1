import { figuresOf, quantile } from '../../../../cli/timeline/figures.ts';
import { attempt, failedAttempt, landedChunk, timeline } from '../../../support/timelines.ts';

const MIB = 1_048_576;

test('a transfer with a retry, a wait for a session and a chunk that did not land', () => {
  const figures = figuresOf(
    timeline({
      durationMs: 10_000,
      steps: [
        { ...failedAttempt(0, 1_000, 'SftpConnectionError'), step: 'GetFileMetadata' },
        { ...attempt(1_500, 2_000), step: 'GetFileMetadata' },
      ],
      segments: [
        { number: 1, workers: [attempt(2_000, 4_000, { logins: 3, reconnects: 2 })] },
        {
          number: 2,
          workers: [
            failedAttempt(2_000, 3_000, 'SftpStalledError'),
            failedAttempt(3_500, 3_500, 'Lambda.TooManyRequestsException', 'Rate Exceeded.'),
            attempt(4_000, 5_000, { logins: 1, reconnects: 0 }),
          ],
        },
        { number: 3, workers: [failedAttempt(4_000, 6_000, 'SourceChangedError')] },
      ],
      chunks: [landedChunk(1, 10 * MIB, 2_000, 4_000), landedChunk(2, 10 * MIB, 4_000, 5_000)],
    }),
  );

  expect(figures).toMatchObject({
    seconds: 10,
    landedBytes: 20 * MIB,
    landedChunks: 2,
    bytesPerSecond: 2 * MIB,
    retries: 2,
    turnedAway: 1,
    logins: { count: 4, reconnects: 2 },
    waits: { sftpSeconds: 2.25, s3Seconds: 0.75 },
    // 2 + 1 + 1 + 2 seconds of work within 4.
    meanWidth: 1.5,
    chunkSeconds: { p50: 1, p95: 2, max: 2 },
    medianBytesPerSecond: 5 * MIB,
  });
  expect(figures.chunks.map(({ seconds }) => seconds)).toEqual([2, 1]);
});

test('a transfer that never came to its chunks', () => {
  const figures = figuresOf(
    timeline({
      durationMs: 500,
      steps: [{ ...failedAttempt(0, 400, 'HostKeyMismatchError'), step: 'GetFileMetadata' }],
    }),
  );

  expect(figures).toMatchObject({
    bytesPerSecond: 0,
    retries: 0,
    meanWidth: 0,
    waits: undefined,
    chunkSeconds: undefined,
    medianBytesPerSecond: undefined,
  });
});

test.each([
  [0.5, 5],
  [0.95, 10],
  [0.1, 1],
  [1, 10],
])('the %s quantile of 1 to 10 is %s', (share, value) => {
  expect(quantile([10, 9, 8, 7, 6, 5, 4, 3, 2, 1], share)).toBe(value);
});
