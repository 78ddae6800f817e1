import { contains, formatCidr, overlaps, parseCidr, subnet } from '../../../../infra/config/cidr.ts';

const range = (text: string) => {
  const parsed = parseCidr(text);
  if (parsed === undefined) throw new Error(`${text} is no range`);
  return parsed;
};

test.each([
  ['0.0.0.0/0', { firstAddress: 0, prefixLength: 0 }],
  ['10.0.0.0/8', { firstAddress: 167_772_160, prefixLength: 8 }],
  ['255.255.255.255/32', { firstAddress: 4_294_967_295, prefixLength: 32 }],
  ['192.168.1.128/25', { firstAddress: 3_232_235_904, prefixLength: 25 }],
])('%s is a range', (text, expected) => {
  expect(parseCidr(text)).toEqual(expected);
});

test.each([
  '',
  '10.0.0.0',
  '10.0.0.1/24',
  '10.0.0/24',
  '10.0.0.256/32',
  '10.0.0.0/33',
  '010.0.0.0/8',
  '::/0',
  'a/8',
])('%j is no range', (text) => {
  expect(parseCidr(text)).toBeUndefined();
});

test.each([
  ['10.0.0.0/16', '10.0.255.0/24', true],
  ['10.0.0.0/16', '10.1.0.0/16', false],
  ['10.0.0.0/24', '10.0.0.0/8', true],
  ['0.0.0.0/0', '203.0.113.7/32', true],
  ['10.0.0.128/25', '10.0.0.0/25', false],
])('%s overlaps %s: %s', (a, b, expected) => {
  expect(overlaps(range(a), range(b))).toBe(expected);
  expect(overlaps(range(b), range(a))).toBe(expected);
});

test('a range contains its parts, not its whole', () => {
  expect(contains(range('10.0.0.0/16'), range('10.0.3.0/24'))).toBe(true);
  expect(contains(range('10.0.3.0/24'), range('10.0.0.0/16'))).toBe(false);
});

test.each([
  ['10.64.0.0/20', 4, 0, '10.64.0.0/24'],
  ['10.64.0.0/20', 4, 15, '10.64.15.0/24'],
  ['172.16.0.0/22', 4, 9, '172.16.2.64/26'],
  ['10.0.0.0/16', 4, 8, '10.0.128.0/20'],
])('%s split by %i bits: part %i is %s', (whole, addedBits, index, expected) => {
  expect(formatCidr(subnet(range(whole), addedBits, index))).toBe(expected);
});

test('a part that does not exist is refused', () => {
  expect(() => subnet(range('10.64.0.0/20'), 4, 16)).toThrow(RangeError);
});
