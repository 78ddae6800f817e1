import { timeTicks, valueTicks } from '../../../../cli/report/ticks.ts';

test.each([
  [0.3, ['0', '0.1 s', '0.2 s', '0.3 s']],
  [12, ['0', '2 s', '4 s', '6 s', '8 s', '10 s', '12 s']],
  [247, ['0', '30 s', '60 s', '90 s', '120 s', '150 s', '180 s', '210 s', '240 s']],
  [1_211, ['0', '5 min', '10 min', '15 min', '20 min']],
  [20_000, ['0', '1 h', '2 h', '3 h', '4 h', '5 h']],
  [604_800, ['0', '1 d', '2 d', '3 d', '4 d', '5 d', '6 d', '7 d']],
])('%s seconds have the marks %j', (seconds, labels) => {
  expect(timeTicks(seconds, 10).map(({ label }) => label)).toEqual(labels);
});

test.each([
  [0.3, [0, 0.1, 0.2, 0.3]],
  [7.6, [0, 5, 10]],
  [90, [0, 50, 100]],
  [100, [0, 50, 100]],
  [101, [0, 50, 100, 150]],
  [400, [0, 200, 400]],
])('up to %s MiB/s the marks are %j', (highest, ticks) => {
  expect(valueTicks(highest)).toEqual(ticks.map((tick) => expect.closeTo(tick)));
});
