import { fingerprintOf, keyTypeOf, parsePins } from '../../../../sftp/connect/host-key.ts';

/** github.com's ed25519 key, and its fingerprint as published in GitHub's documentation. */
const KEY = Buffer.from('AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl', 'base64');
const FINGERPRINT = 'SHA256:+DiY3wvvV6TuJJhbpZisF/zLDA0zPMSvHdkr4UvCOqU';

test('prints fingerprints as ssh-keygen does', () => {
  expect(fingerprintOf(KEY)).toBe(FINGERPRINT);
});

test('names the kind of a key', () => {
  expect(keyTypeOf(KEY)).toBe('ssh-ed25519');
});

test('takes pins with and without padding', () => {
  expect(parsePins([`${FINGERPRINT}=`, FINGERPRINT])).toEqual([FINGERPRINT, FINGERPRINT]);
});

test.each([
  ['none', []],
  ['an empty one', ['']],
  ['MD5', ['MD5:16:27:ac:a5:76:28:2d:36:63:1b:56:4d:eb:df:a6:48']],
  ['a short one', ['SHA256:+DiY3wvvV6TuJJhbpZisF']],
  ['a bare hash', ['+DiY3wvvV6TuJJhbpZisF/zLDA0zPMSvHdkr4UvCOqU']],
  ['a wildcard among good ones', [FINGERPRINT, '*']],
])('refuses %s as pins', (_case, pins) => {
  expect(() => parsePins(pins)).toThrow(
    expect.objectContaining({ name: 'InvalidTransferRequestError', field: 'hostKeyFingerprints' }),
  );
});
