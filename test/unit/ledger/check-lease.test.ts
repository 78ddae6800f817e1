import { checkLeaseEndMs, checkLeaseName } from '../../../ledger/check-lease.ts';

const UNTIL_MS = Date.UTC(2026, 10, 27, 3, 0, 30);

test('the name of a check says when it is over', () => {
  const name = checkLeaseName('0b6c', UNTIL_MS);
  expect(name).toBe('check 0b6c until 2026-11-27T03:00:30.000Z');
  expect(checkLeaseEndMs(name)).toBe(UNTIL_MS);
});

test.each([
  ['an execution', 'arn:aws:states:eu-central-1:123456789012:execution:sftp-to-s3-acme:nightly'],
  [
    'one whose name looks like it',
    'arn:aws:states:eu-central-1:123456789012:execution:acme:check 1 until 2026',
  ],
  ['what an older function took for an execution', 'check 0b6c'],
  ['a time that is none', 'check 0b6c until tomorrow'],
])('%s does not end by its name', (_name, holder) => {
  expect(checkLeaseEndMs(holder)).toBeUndefined();
});
