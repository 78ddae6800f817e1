import { usdOfMonth, WAYS_OUT } from '../../../../cli/cost/ways-out.ts';

// By hand, from the list prices: 730 hours a month, 1,024 GiB a TiB.
test.each([
  ['a NAT gateway in each zone', 73, 46.08],
  ['one NAT gateway', 40.15, 56.32],
  ['central egress over a transit gateway', 36.5, 66.56],
  ['a NAT instance in each zone', 70.372, 0],
])('%s', (name, usdPerMonth, usdPerTib) => {
  const wayOut = WAYS_OUT.find((one) => one.name === name);
  expect(wayOut?.usdPerMonth).toBeCloseTo(usdPerMonth, 3);
  expect(wayOut?.usdPerTib).toBeCloseTo(usdPerTib, 3);
});

test('a month is its hours and its bytes', () => {
  const wayOut = { name: 'x', usdPerMonth: 10, usdPerTib: 3 };
  expect([0, 1, 100].map((tib) => usdOfMonth(wayOut, tib))).toEqual([10, 13, 310]);
});
