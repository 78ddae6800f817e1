import { costOf } from '../../../../cli/cost/cost-of.ts';
import { figuresOf } from '../../../../cli/timeline/figures.ts';
import {
  attempt,
  failedAttempt,
  landedChunk,
  plausibleTimeline,
  timeline,
} from '../../../support/timelines.ts';

const MIB = 1_048_576;
const file = {
  path: '/big.zip',
  sizeBytes: 100 * MIB,
  modifiedAt: '2026-11-22T01:58:03.000Z',
  maxReadBytes: 32_768,
  bucket: 'landing',
  key: 'big.zip',
  ifExists: 'replace' as const,
};

test('every second of every attempt is paid, bytes pass the NAT gateway once', () => {
  const transfer = timeline({
    durationMs: 20_000,
    file,
    plan: { chunkSizeBytes: 50 * MIB, maxConcurrency: 2, chunkCount: 2 },
    segments: [
      { number: 1, workers: [failedAttempt(0, 4_000, 'SftpStalledError'), attempt(6_000, 10_000)] },
      { number: 2, workers: [attempt(0, 4_000)] },
    ],
    chunks: [landedChunk(1, 50 * MIB, 6_000, 10_000), landedChunk(2, 50 * MIB, 0, 4_000)],
  });

  const cost = costOf(transfer, figuresOf(transfer));

  // By hand: 12 s x 1.7275390625 GB x 0.0000133334 and 8 requests; 100/1,024 GiB x 0.045; 17 transitions; 7 and 2.
  expect(cost?.lines).toEqual([
    { item: 'NAT gateway, data', quantity: '100.0 MiB', usd: expect.closeTo(0.004395, 6) },
    { item: 'Lambda', quantity: '12 s', usd: expect.closeTo(0.000278, 6) },
    { item: 'Step Functions', quantity: '3 workers', usd: expect.closeTo(0.00045, 6) },
    { item: 'S3 requests', quantity: '2 parts', usd: expect.closeTo(0.000036, 6) },
  ]);
  expect(cost?.totalUsd).toBeCloseTo(0.005158, 6);
});

test('an empty file costs a little, too', () => {
  const transfer = timeline({
    durationMs: 1_000,
    file: { ...file, sizeBytes: 0 },
    plan: { chunkSizeBytes: 50 * MIB, maxConcurrency: 2, chunkCount: 1 },
    segments: [{ number: 1, workers: [attempt(0, 500)] }],
    chunks: [landedChunk(1, 0, 0, 500)],
  });

  expect(costOf(transfer, figuresOf(transfer))?.totalUsd).toBeGreaterThan(0);
});

test('what has not succeeded has no estimate', () => {
  const transfer = { ...plausibleTimeline(21, 8), status: 'FAILED' as const };

  expect(costOf(transfer, figuresOf(transfer))).toBeUndefined();
});
