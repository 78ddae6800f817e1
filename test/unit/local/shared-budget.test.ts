import { bytesInFlightPerConnection } from '../../../local/shared-budget.ts';

const MIB = 1_048_576;

test.each([
  ['one connection: all of it', 1, 32 * MIB],
  ['two: half each', 2, 16 * MIB],
  ['three: a third each', 3, 11_184_810],
  ['eight: an eighth each', 8, 4 * MIB],
  ['more: never less than 4 MiB', 9, 4 * MIB],
  ['most', 40, 4 * MIB],
])('%s', (_name, maxConcurrency, expected) => {
  expect(bytesInFlightPerConnection(maxConcurrency)).toBe(expected);
});
