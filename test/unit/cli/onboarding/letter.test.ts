import { onboardingLetter } from '../../../../cli/onboarding/letter.ts';

const FACTS = {
  host: 'sftp.acme.example',
  port: 2222,
  maxSessions: 4,
  addresses: ['203.0.113.7', '203.0.113.8'],
  hostKeyFingerprints: [`SHA256:${'x'.repeat(43)}`],
};

test('the letter names server, addresses and sessions in lines for a mail, and repeats no fingerprint', () => {
  const letter = onboardingLetter(FACTS);

  expect(letter).toMatch(/^Subject: .*sftp\.acme\.example port\s2222/);
  expect(letter).toContain('   203.0.113.7\n   203.0.113.8\n');
  expect(letter).toContain('at most 4 sessions');
  expect(letter).not.toContain('SHA256');
  expect(letter.split('\n').filter((line) => line.length > 72)).toEqual([]);
});

test('before the deployment it promises the addresses, and without a pin it asks for one', () => {
  const letter = onboardingLetter({ ...FACTS, addresses: undefined, hostKeyFingerprints: [] });

  expect(letter).toContain('will follow');
  expect(letter).toContain('Please read us the SHA-256 fingerprints');
});
