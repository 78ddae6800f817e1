import { Ssh2ServerProbe } from '../../../../doctor/probe/server-probe.ts';
import { generateKeyPair } from '../../../../local/sftp-server/host-key.ts';
import { SftpAuthenticationError } from '../../../../transfer/errors.ts';
import { check } from '../../../support/doctor/check-fake-server.ts';
import { type Failing, failingAt, lost } from '../../../support/doctor/failing-connection.ts';
import { FakeServerProbe, PIN } from '../../../support/sftp/fake-server-probe.ts';

const KEY = 'SHA256:RaVDbb+AcQ4iN5P2iWfEyhYdBiC9iw9AcM1+7IErRqQ (ssh-ed25519)';

async function letter(fail: Failing, publicKey?: string): Promise<string> {
  const probe = new FakeServerProbe();
  probe.prepared = { pinned: [PIN], credentials: ['private key'], publicKey };
  fail(probe);
  return (await check(probe)).failure?.message_to_partner ?? '';
}

const refusedLogin = failingAt('login', lost('closed'), new SftpAuthenticationError('it refused the login.'));

test('the letter has what an administrator looks for first', async () => {
  expect(await letter(refusedLogin, KEY)).toBe(
    [
      'Subject: SFTP login refused or broken off: sftp.partner.test port 2222',
      '',
      'Hello,',
      '',
      'we tried to reach your SFTP server:',
      '- at:         2027-01-15T08:00:00.000Z',
      '- from:       198.51.100.1, 198.51.100.2',
      '- to:         sftp.partner.test (203.0.113.7), TCP port 2222',
      '- as:         (fill in: our user name)',
      `- key:        ${KEY}`,
      '- it failed:  while logging in, after the host key was found right',
      '- outcome:    closed by the server at once',
      '',
      'Your server refuses our login. Is the account active, is our key or password still the one you know, and have you banned our addresses?',
      '',
      'Thank you',
      '(fill in: your name, organisation and telephone number)',
    ].join('\n'),
  );
});

test('a login by password names no key', async () => {
  expect(await letter(refusedLogin)).not.toContain('- key:');
});

test.each<[string, Failing, string, string]>([
  ['a refused port', failingAt('tcp', lost('refused')), 'Connection refused', 'refused at once'],
  [
    'a silent port',
    (probe) => {
      failingAt('tcp', lost('timed-out'))(probe);
    },
    'No answer to our connections',
    'no answer for 0 s',
  ],
  [
    'a server that hangs up',
    failingAt('banner', lost('closed')),
    "Connection closed before the server's first word",
    "closed before the server's first word, at once",
  ],
  [
    'a server that says nothing',
    failingAt('banner', lost('timed-out')),
    'No SSH identification',
    'no first word from the server for 0 s',
  ],
])('%s: subject and outcome say which it was', async (_what, fail, subject, outcome) => {
  const text = await letter(fail, KEY);
  expect(text).toContain(`Subject: ${subject}: sftp.partner.test port 2222\n`);
  expect(text).toContain(`- outcome:    ${outcome}\n`);
  // Nobody has heard our name yet: it would only lead astray.
  expect(text).not.toMatch(/^- (as|key):/m);
});

test('the key in the letter is the one that ssh-keygen and sshd show', async () => {
  const { private: privateKey, public: publicKey } = generateKeyPair();
  const probe = new Ssh2ServerProbe({
    host: 'sftp.partner.test',
    port: 22,
    hostKeyFingerprints: [],
    credentials: async () => ({ username: 'someone', privateKey }),
  });
  const prepared = await probe.prepare(new AbortController().signal);
  const wire = Buffer.from(publicKey.split(' ')[1] ?? '', 'base64');
  const { createHash } = await import('node:crypto');
  const digest = createHash('sha256').update(wire).digest('base64').replace(/=+$/, '');
  expect(prepared.publicKey).toBe(`SHA256:${digest} (ssh-ed25519)`);
});
