import { countOf, formatDuration, formatTime } from '../../../../cli/format/numbers.ts';

test.each([
  [0, '0.00 s'],
  [0.424, '0.42 s'],
  [1, '1.0 s'],
  [59.94, '59.9 s'],
  [59.96, '1 min 00 s'],
  [245, '4 min 05 s'],
  [3_599.6, '1 h 00 min'],
  [7_380, '2 h 03 min'],
  [604_800, '7 d 00 h'],
])('%s seconds are %s', (seconds, text) => {
  expect(formatDuration(seconds)).toBe(text);
});

test('a point in time is in UTC', () => {
  expect(formatTime(Date.UTC(2026, 10, 22, 2, 30, 5, 999))).toBe('2026-11-22 02:30:05 UTC');
});

test.each([
  [0, '0 retries'],
  [1, '1 retry'],
  [2_000, '2,000 retries'],
])('%i of them: %s', (count, text) => {
  expect(countOf(count, 'retry', 'retries')).toBe(text);
});
