import { connectDelayMs } from '../../../../lambdas/download-segment/connect-delay.ts';

test.each([
  ['the first of eight, early in its slot', 1, 8, 0, 0],
  ['the first of eight, late in its slot', 1, 8, 0.98, 49],
  ['the second begins where the first ends', 2, 8, 0, 50],
  ['the last of eight', 8, 8, 0.5, 375],
  ['the ninth of eight takes the place of another', 9, 8, 0.5, 0],
  ['the last of the widest Map', 40, 40, 0.5, 1_975],
  ['the only one at a time', 1, 1, 0.5, 0],
])('%s', (_name, segmentNumber, maxConcurrency, random, expectedMs) => {
  expect(connectDelayMs({ segmentNumber, maxConcurrency }, random)).toBe(expectedMs);
});
