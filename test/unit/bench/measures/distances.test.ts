import { nameOf } from '../../../../bench/measures/distances.ts';

test.each([
  [{ roundTripMs: 20, lossPpm: 0 }, '20 ms'],
  [{ roundTripMs: 50, lossPpm: 100 }, '50 ms, 0.01 % lost'],
])('names a distance: %j', (distance, expected) => {
  expect(nameOf(distance)).toBe(expected);
});
