import { figuresOf, quantile } from '../../../../cli/timeline/figures.ts';
import { attempt, failedAttempt, timeline } from '../../../support/timelines.ts';

const MIB = 1_048_576;

const chunk = (number: number, sizeBytes: number, attempts: ReturnType<typeof attempt>[]) => ({
  number,
  startByte: 0,
  sizeBytes,
  attempts,
});

test('a transfer with a retry, a wait for a session and a chunk that did not land', () => {
  const figures = figuresOf(
    timeline({
      durationMs: 10_000,
      steps: [
        { ...failedAttempt(0, 1_000, 'SftpConnectionError'), step: 'GetFileMetadata' },
        { ...attempt(1_500, 2_000), step: 'GetFileMetadata' },
      ],
      chunks: [
        chunk(1, 10 * MIB, [attempt(2_000, 4_000)]),
        chunk(2, 10 * MIB, [
          failedAttempt(2_000, 3_000, 'SftpStalledError'),
          failedAttempt(3_500, 3_500, 'Lambda.TooManyRequestsException', 'Rate Exceeded.'),
          attempt(4_000, 5_000),
        ]),
        chunk(3, 10 * MIB, [failedAttempt(4_000, 6_000, 'SourceChangedError')]),
      ],
    }),
  );

  expect(figures).toMatchObject({
    seconds: 10,
    landedBytes: 20 * MIB,
    landedChunks: 2,
    bytesPerSecond: 2 * MIB,
    retries: 2,
    turnedAway: 1,
    // 2 + 1 + 1 + 2 seconds of work within 4.
    meanWidth: 1.5,
    chunkSeconds: { p50: 1, p95: 2, max: 2 },
    medianBytesPerSecond: 5 * MIB,
  });
  expect(figures.chunks.map(({ landed, seconds, retries }) => ({ landed, seconds, retries }))).toEqual([
    { landed: true, seconds: 2, retries: 0 },
    { landed: true, seconds: 1, retries: 1 },
    { landed: false, seconds: 2, retries: 0 },
  ]);
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
