import { speedOf } from '../../../../../cli/report/picture/attempt-look.ts';

const usual = { medianBytesPerSecond: 10, chunkSeconds: { p50: 5, p95: 5, max: 5 } };

test.each([
  ['as fast as the median', { bytesPerSecond: 10, seconds: 5 }, 'usual'],
  ['faster', { bytesPerSecond: 13, seconds: 4 }, 'faster'],
  ['slower', { bytesPerSecond: 7, seconds: 7 }, 'slower'],
  ['much slower', { bytesPerSecond: 4, seconds: 12 }, 'much-slower'],
  [
    'a short rest at less than half the rate, over sooner than a chunk',
    { bytesPerSecond: 4, seconds: 2 },
    'usual',
  ],
  ['a short rest that took longer than a chunk', { bytesPerSecond: 4, seconds: 6 }, 'much-slower'],
])('%s', (_case, chunk, look) => {
  expect(speedOf(chunk, usual)).toBe(look);
});

test('without any chunk that landed there is nothing to compare with', () => {
  const nothing = { medianBytesPerSecond: undefined, chunkSeconds: undefined };
  expect(speedOf({ bytesPerSecond: 1, seconds: 1 }, nothing)).toBe('usual');
});
