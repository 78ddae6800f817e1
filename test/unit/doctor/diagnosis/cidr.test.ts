import { isWithin } from '../../../../doctor/diagnosis/cidr.ts';

test.each([
  ['inside', '203.0.113.20', ['203.0.113.0/24'], true],
  ['the last address', '203.0.113.255', ['203.0.113.0/24'], true],
  ['one above', '203.0.114.0', ['203.0.113.0/24'], false],
  ['a single address', '203.0.113.20', ['203.0.113.20/32'], true],
  ['in the second range', '198.51.100.1', ['203.0.113.0/24', '198.51.100.0/25'], true],
  ['no range', '198.51.100.1', [], false],
  ['IPv6 inside', '2001:db8::1', ['2001:db8::/32'], true],
  ['IPv6 against IPv4', '2001:db8::1', ['203.0.113.0/24'], false],
  ['no address', 'sftp.partner.test', ['0.0.0.0/0'], false],
])('%s', (_name, address, cidrs, expected) => {
  expect(isWithin(address, cidrs)).toBe(expected);
});
