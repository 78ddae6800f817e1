import { median } from '../../../../bench/measures/median.ts';

test.each([
  [[7], 7],
  [[3, 1, 2], 2],
  [[10, 9, 2, 1], 5.5],
  [[5, 5, 1, 100, 6], 5],
])('of %j is %d', (values, expected) => {
  expect(median(values)).toBe(expected);
});

test('of nothing is an error', () => {
  expect(() => median([])).toThrow(RangeError);
});
