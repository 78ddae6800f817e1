import { RateMeter } from '../../../../cli/terminal/rate-meter.ts';

test('the rate is that of the last five seconds', () => {
  const meter = new RateMeter();

  expect(meter.measure(0, 0)).toBe(0);
  expect(meter.measure(1_000, 10_000)).toBe(10_000);
  for (let second = 2; second <= 20; second += 1) meter.measure(second * 1_000, 10_000);
  expect(meter.measure(21_000, 15_000)).toBe(1_000);
});

test('a count that falls back, when a chunk is read again, gives no negative rate', () => {
  const meter = new RateMeter();
  meter.measure(0, 50_000);

  expect(meter.measure(1_000, 10_000)).toBe(0);
});
