import { rateCurveOf } from '../../../../cli/report/rate-curve.ts';
import { landedChunk, timeline } from '../../../support/timelines.ts';

test('each chunk that landed flows evenly from its first read to the answer of S3', () => {
  const transfer = timeline({
    durationMs: 4_000,
    chunks: [landedChunk(1, 1_000, 0, 2_000), landedChunk(2, 600, 1_000, 3_000)],
  });

  expect(rateCurveOf(transfer, 4)).toEqual({ rates: [500, 800, 300, 0], isCounted: false });
});

test('counted bytes lie between one count and the next', () => {
  const transfer = timeline({ durationMs: 2_000 });
  const bytesRead = [
    { atMs: transfer.startedAtMs + 500, totalBytes: 0 },
    { atMs: transfer.startedAtMs + 1_500, totalBytes: 1_000 },
    { atMs: transfer.startedAtMs + 2_000, totalBytes: 1_000 },
  ];

  expect(rateCurveOf({ ...transfer, bytesRead }, 2)).toEqual({ rates: [500, 500], isCounted: true });
});

test('no byte is lost where a count falls on the end or outside', () => {
  const transfer = timeline({ durationMs: 1_000 });
  const bytesRead = [
    { atMs: transfer.startedAtMs + 1_000, totalBytes: 70 },
    { atMs: transfer.startedAtMs + 1_000, totalBytes: 100 },
  ];

  const { rates } = rateCurveOf({ ...transfer, bytesRead }, 2);

  expect(rates).toEqual([70, 130]);
});

test('a short transfer is not cut into more slices than can be told apart', () => {
  expect(rateCurveOf(timeline({ durationMs: 600 }), 200).rates).toEqual([0, 0]);
  expect(rateCurveOf(timeline({ durationMs: 0 }), 200).rates).toEqual([0]);
});
