import type { ConnectionEvent } from '../../../../doctor/ports.ts';
import {
  HostKeyMismatchError,
  InvalidTransferRequestError,
  SftpAuthenticationError,
  SftpStalledError,
  SourceChangedError,
  SourceNotFoundError,
  SourcePermissionError,
} from '../../../../transfer/errors.ts';
import { check } from '../../../support/doctor/check-fake-server.ts';
import { connectionLost, type Failing, failingAt, lost } from '../../../support/doctor/failing-connection.ts';
import {
  algorithmsEvent,
  FakeServerProbe,
  HEALTHY_CONNECTION,
  PIN,
} from '../../../support/sftp/fake-server-probe.ts';

const unpinnedKey: ConnectionEvent = {
  at: 'host-key',
  fingerprint: 'SHA256:other',
  keyType: 'ssh-ed25519',
  isPinned: false,
};
const noCommon = (wouldHelp: string[]) =>
  failingAt(
    'algorithms',
    algorithmsEvent({ missing: ['kex'], wouldHelp }),
    new InvalidTransferRequestError('legacyAlgorithms', [], 'it shares no algorithm'),
  );

test.each<[string, Failing, string, string, string, string | null]>([
  [
    'an unusable secret',
    (probe) => {
      probe.prepared = new InvalidTransferRequestError('the secret', 'arn', 'it must hold JSON');
    },
    'configuration',
    'ours',
    'it must hold JSON',
    null,
  ],
  [
    'an unknown host name',
    (probe) => {
      probe.resolved = { failure: 'unknown', message: 'ENOTFOUND' };
    },
    'dns',
    'ours',
    'no name server knows sftp.partner.test',
    'Is it still the right host name?',
  ],
  [
    'a silent name server',
    (probe) => {
      probe.resolved = { failure: 'unanswered', message: 'EAI_AGAIN' };
    },
    'dns',
    'network',
    'gives no answer',
    null,
  ],
  ['a refused port', failingAt('tcp', lost('refused')), 'tcp', 'partner', 'refuses connections', 'allow all'],
  ['a silent port', failingAt('tcp', lost('timed-out')), 'tcp', 'partner', 'does not answer', 'allow all'],
  ['no route', failingAt('tcp', lost('unreachable')), 'tcp', 'network', 'no way from here', null],
  [
    'an address outside our own rules',
    (probe) => {
      probe.resolved = { addresses: ['192.0.2.9'] };
      failingAt('tcp', lost('timed-out'))(probe);
    },
    'tcp',
    'ours',
    'our security group reaches only 203.0.113.0/24',
    'Is this your new address',
  ],
  ['no banner', failingAt('banner', lost('timed-out')), 'banner', 'partner', 'keeps silent', 'allow all'],
  [
    'MaxStartups',
    failingAt('banner', lost('closed', 'Exceeded MaxStartups')),
    'banner',
    'partner',
    'too many logins under way',
    'MaxStartups',
  ],
  [
    'another protocol',
    failingAt('banner', lost('timed-out', '220 FTP ready')),
    'banner',
    'ours',
    'is not SSH (it said: 220 FTP ready)',
    'Which port is SFTP on?',
  ],
  ['old algorithms', noCommon(['ssh-rsa']), 'algorithms', 'partner', 'legacyAlgorithms', 'outdated'],
  ['no common algorithm', noCommon([]), 'algorithms', 'partner', 'no algorithm in common', 'enable current'],
  [
    'a changed host key',
    failingAt('host-key', unpinnedKey, new HostKeyMismatchError('s:1', 'SHA256:other', [PIN])),
    'host-key',
    'partner',
    'do not pin the new one before',
    'so that you read yours from the server',
  ],
  [
    'no pinned host key',
    failingAt('host-key', unpinnedKey, new HostKeyMismatchError('s:1', 'SHA256:other', [])),
    'host-key',
    'ours',
    '--host-key SHA256:other',
    'so that you read yours from the server',
  ],
  [
    'a broken handshake',
    failingAt('host-key', lost('reset')),
    'host-key',
    'network',
    'in the middle of the handshake',
    'MTU',
  ],
  [
    'a refused login',
    failingAt('login', lost('closed'), new SftpAuthenticationError('it refused the login.')),
    'login',
    'ours',
    'Do not try again before it is settled',
    'Is the account active',
  ],
  [
    'an RSA key whose signatures the server does not take',
    failingAt(
      'login',
      lost('other'),
      new InvalidTransferRequestError('the private key', 'an RSA key', 'the server takes no RSA signature'),
    ),
    'login',
    'ours',
    'the server takes no RSA signature',
    'ed25519',
  ],
  ['a login that hangs', failingAt('login', lost('timed-out')), 'login', 'partner', 'gives no answer', 'log'],
  [
    'no SFTP subsystem',
    (probe) => {
      probe.connection = () => ({ events: [...HEALTHY_CONNECTION, lost('other')], error: connectionLost });
    },
    'sftp-session',
    'partner',
    'opens no SFTP session',
    'subsystem',
  ],
  [
    'a missing file',
    (probe) => {
      probe.statError = new SourceNotFoundError('no such file');
    },
    'stat',
    'ours',
    'there is no /outbound/big.zip',
    'Under which path',
  ],
  [
    'a device',
    (probe) => {
      probe.kind = 'other';
    },
    'stat',
    'ours',
    'is neither a file nor a directory',
    null,
  ],
  [
    'a folder that may not be listed',
    (probe) => {
      probe.kind = 'directory';
      probe.listing = new SourcePermissionError('Permission denied');
    },
    'listing',
    'partner',
    'may not read /outbound/big.zip',
    'SFTP folder cannot be listed',
  ],
  [
    'a file that may not be read',
    (probe) => {
      probe.onRead = () => {
        throw new SourcePermissionError('denied');
      };
    },
    'read-start',
    'partner',
    'may not read',
    'read permission',
  ],
  [
    'a file that shrinks',
    (probe) => {
      probe.onRead = (n) => {
        if (n === 3) throw new SourceChangedError('ended early');
      };
    },
    'read-end',
    'partner',
    'still being written',
    'rename it',
  ],
  [
    'a file that grows',
    (probe) => {
      probe.onRead = () => {
        probe.sizeBytes += 1;
      };
    },
    'unchanged',
    'partner',
    'bytes of 2023-11-14T22:13:20.000Z then',
    'rename it',
  ],
  [
    'a file that is replaced by one of the same size',
    (probe) => {
      probe.onRead = () => {
        probe.modifiedAtSeconds += 60;
      };
    },
    'unchanged',
    'partner',
    'still being written',
    'rename it',
  ],
  [
    'a server that stalls',
    (probe) => {
      probe.onRead = (n) => {
        if (n === 4) throw new SftpStalledError('no answer for 10000 ms');
      };
    },
    'throughput-one-channel',
    'partner',
    'stopped answering',
    'storage',
  ],
  [
    'a connection that breaks in mid-read',
    (probe) => {
      probe.onRead = () => {
        throw connectionLost;
      };
    },
    'read-start',
    'network',
    'broke after the login',
    'log',
  ],
  [
    'a server that dies of a further channel',
    (probe) => {
      probe.channelsError = connectionLost;
    },
    'channels',
    'partner',
    'ends the whole connection',
    'How many may one connection have?',
  ],
])('%s: the stage, whose fault, and what to send', async (_name, fail, stage, fault, sentence, message) => {
  const probe = new FakeServerProbe();
  fail(probe);

  const report = await check(probe);

  expect(report.status).toBe('FAILED');
  expect(report.stages.at(-1)).toMatchObject({ stage, verdict: 'failed' });
  expect(report.failure).toMatchObject({ stage, fault, sentence: expect.stringContaining(sentence) });
  if (message === null) expect(report.failure?.message_to_partner).toBeNull();
  else expect(report.failure?.message_to_partner).toContain(message);
  // Who is shown an answer says yes: docs/runbooks/host-key-mismatch-error.md.
  expect(report.failure?.message_to_partner ?? '').not.toContain('SHA256:other');
  expect(report.recommendation).toBeNull();
  expect(probe.openSessions).toBe(0);
});
