import { checkServer } from '../../../doctor/check-server.ts';
import type { ConnectionEvent, ConnectionLoss } from '../../../doctor/ports.ts';
import {
  type ServerCheckReport,
  STAGES,
  type Stage,
  serverCheckReportSchema,
} from '../../../doctor/report.ts';
import { DeadlineReached } from '../../../transfer/deadline.ts';
import {
  HostKeyMismatchError,
  InvalidTransferRequestError,
  SftpAuthenticationError,
  SftpConnectionError,
  SftpStalledError,
  SourceChangedError,
  SourceNotFoundError,
  SourcePermissionError,
} from '../../../transfer/errors.ts';
import {
  algorithmsEvent,
  eventsBefore,
  FakeServerProbe,
  HEALTHY_CONNECTION,
  PIN,
} from '../../support/sftp/fake-server-probe.ts';
import { stepRig } from '../../support/step-rig.ts';

const MIB = 1_048_576;
const FILE = { path: '/outbound/big.zip' };
const OWN_SIDE = { egressAddresses: ['198.51.100.1', '198.51.100.2'], allowedCidrs: ['203.0.113.0/24'] };
const never = new AbortController().signal;

function check(probe: FakeServerProbe, request = {}, ownSide = OWN_SIDE): Promise<ServerCheckReport> {
  return checkServer({ ...FILE, ...request }, { probe, clock: stepRig().clock }, ownSide, never);
}

function stageOf(report: ServerCheckReport, name: string): Stage | undefined {
  return report.stages.find(({ stage }) => stage === name);
}

function lost(how: ConnectionLoss['how'], said = ''): ConnectionEvent {
  return { at: 'lost', loss: { how, said } };
}

test('a healthy server passes every stage, in order, and nothing is left open', async () => {
  const probe = new FakeServerProbe();

  const report = await check(probe);

  expect(report.status).toBe('HEALTHY');
  expect(report.failure).toBeNull();
  expect(report.stages.map(({ stage }) => stage)).toEqual(STAGES);
  expect(new Set(report.stages.map(({ verdict }) => verdict))).toEqual(new Set(['ok']));
  expect(serverCheckReportSchema.parse(JSON.parse(JSON.stringify(report)))).toEqual(report);
  expect(probe.openSessions).toBe(0);
});

test('it reads at the start, in the middle and at the end, then measures from both ends', async () => {
  const probe = new FakeServerProbe();
  probe.sizeBytes = 101 * MIB;

  await check(probe);

  expect(probe.reads).toEqual([
    { startByte: 0, bytes: MIB, maxChannels: 1 },
    { startByte: 50 * MIB, bytes: MIB, maxChannels: 1 },
    { startByte: 100 * MIB, bytes: MIB, maxChannels: 1 },
    { startByte: 0, bytes: 50_000_000, maxChannels: 1 },
    { startByte: 37 * MIB, bytes: 50_000_000, maxChannels: 8 },
  ]);
});

test('without a path it says where the login leads, and reads nothing', async () => {
  const probe = new FakeServerProbe();
  probe.kind = 'directory';

  const report = await check(probe, { path: undefined });

  expect(report.status).toBe('HEALTHY');
  expect(stageOf(report, 'realpath')?.summary).toBe('the login leads to /home/us');
  expect(stageOf(report, 'read-start')).toMatchObject({ verdict: 'skipped', summary: 'no path was given' });
  expect(report.recommendation).toBeNull();
  expect(probe.reads).toEqual([]);
});

test('an empty file is read from nowhere', async () => {
  const probe = new FakeServerProbe();
  probe.sizeBytes = 0;

  const report = await check(probe);

  expect(report.status).toBe('HEALTHY');
  expect(stageOf(report, 'throughput-one-channel')?.summary).toBe('the file is empty');
});

test('a file of another size than the one on the server can be asked about', async () => {
  const report = await check(new FakeServerProbe(), { fileSizeBytes: 1_000 * MIB });

  expect(report.recommendation).toMatchObject({ file_size_bytes: 1_000 * MIB });
});

test('connections that were closed before the banner are a warning once one is not', async () => {
  const probe = new FakeServerProbe();
  const lostOnce = [...eventsBefore('banner'), lost('closed')];
  probe.connection = (n) => ({ events: n === 1 ? [...lostOnce, ...HEALTHY_CONNECTION] : HEALTHY_CONNECTION });

  const report = await check(probe);

  expect(report.status).toBe('HEALTHY');
  expect(stageOf(report, 'banner')).toMatchObject({
    verdict: 'warning',
    summary: 'SSH-2.0-Fake (after 1 connection that ended before it)',
  });
});

test('a pinned key of another kind than the first offered one is found', async () => {
  const probe = new FakeServerProbe();
  const firstKind: ConnectionEvent = {
    at: 'host-key',
    fingerprint: 'x',
    keyType: 'ssh-rsa',
    isPinned: false,
  };
  probe.connection = () => ({
    events: [...eventsBefore('host-key'), firstKind, lost('other'), ...HEALTHY_CONNECTION],
  });

  const report = await check(probe);

  expect(report.status).toBe('HEALTHY');
  expect(report.stages.filter(({ stage }) => stage === 'host-key')).toHaveLength(1);
});

test('old algorithms are a warning', async () => {
  const probe = new FakeServerProbe();
  const event = algorithmsEvent({ legacy: ['ssh-rsa'] });
  probe.connection = () => ({
    events: HEALTHY_CONNECTION.map((one) => (one.at === 'algorithms' ? event : one)),
  });

  const report = await check(probe);

  expect(stageOf(report, 'algorithms')).toMatchObject({
    verdict: 'warning',
    summary: 'kex-a, ssh-ed25519, aes-gcm; old and weak: ssh-rsa',
  });
});

test('fewer channels and connections than wanted are warnings, and width follows', async () => {
  const probe = new FakeServerProbe();
  probe.channelsGiven = 2;
  probe.connection = (n) =>
    n <= 3
      ? { events: HEALTHY_CONNECTION }
      : { events: [], error: new SftpConnectionError('too many sessions') };

  const report = await check(probe);

  expect(report.status).toBe('HEALTHY');
  expect(stageOf(report, 'channels')).toMatchObject({ verdict: 'warning', details: { opened: 2, tried: 8 } });
  expect(stageOf(report, 'connections')).toMatchObject({
    verdict: 'warning',
    summary: '3 at a time; one more failed: SftpConnectionError: too many sessions',
  });
  expect(report.recommendation?.max_concurrency).toBe(3);
  expect(probe.openSessions).toBe(0);
});

test('no more than four connections are ever open', async () => {
  const probe = new FakeServerProbe();

  await check(probe);

  expect([probe.connects, probe.mostOpenSessions]).toEqual([4, 4]);
});

test('after a refused login nothing is tried any more: at the first connection, and at a further one', async () => {
  const refused = { events: eventsBefore('login'), error: new SftpAuthenticationError('refused') };
  const first = new FakeServerProbe();
  first.connection = () => refused;
  const second = new FakeServerProbe();
  second.connection = (n) => (n === 1 ? { events: HEALTHY_CONNECTION } : refused);

  const report = await check(first);
  await check(second);

  expect(report.failure?.stage).toBe('login');
  expect([first.connects, second.connects]).toEqual([1, 2]);
});

type Failing = (probe: FakeServerProbe) => void;
const connectionLost = new SftpConnectionError('lost');
const failingAt =
  (stage: ConnectionEvent['at'], event: ConnectionEvent, error: Error = connectionLost): Failing =>
  (probe) => {
    probe.connection = () => ({ events: [...eventsBefore(stage), event], error });
  };
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
  ['no common algorithm', noCommon([]), 'algorithms', 'partner', 'none that we could add', 'enable current'],
  [
    'a changed host key',
    failingAt('host-key', unpinnedKey, new HostKeyMismatchError('s:1', 'SHA256:other', [PIN])),
    'host-key',
    'partner',
    'do not pin the new one before',
    'SHA256:other',
  ],
  [
    'no pinned host key',
    failingAt('host-key', unpinnedKey, new HostKeyMismatchError('s:1', 'SHA256:other', [])),
    'host-key',
    'ours',
    '--host-key SHA256:other',
    'Please confirm',
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
    'a folder',
    (probe) => {
      probe.kind = 'directory';
    },
    'stat',
    'ours',
    'is a directory',
    null,
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
  expect(report.recommendation).toBeNull();
  expect(probe.openSessions).toBe(0);
});

test('the message to the partner can be sent as it is', async () => {
  const probe = new FakeServerProbe();
  failingAt('banner', lost('closed'))(probe);

  const report = await check(probe);

  expect(report.failure?.message_to_partner).toBe(
    [
      'Subject: SFTP connection to sftp.partner.test port 2222',
      '',
      'Hello,',
      '',
      'we tried to reach your SFTP server:',
      '- at:         2027-01-15T08:00:00.000Z',
      '- from:       198.51.100.1, 198.51.100.2',
      '- to:         sftp.partner.test (203.0.113.7), TCP port 2222',
      "- it failed:  while waiting for the server's SSH identification, after the TCP connection was accepted",
      '',
      'Is the SFTP service running on this port, and does your firewall allow the addresses above? Please allow all of them.',
      '',
      'Thank you',
    ].join('\n'),
  );
});

test('when the time of the check is over, the report says at which stage', async () => {
  const probe = new FakeServerProbe();
  const deadline = new AbortController();
  probe.onRead = () => {
    deadline.abort(new DeadlineReached('10000 ms before the end'));
    deadline.signal.throwIfAborted();
  };

  const report = await checkServer(FILE, { probe, clock: stepRig().clock }, OWN_SIDE, deadline.signal);

  expect(report.failure).toMatchObject({
    stage: 'read-start',
    error: 'DeadlineReached',
    fault: 'network',
    message_to_partner: null,
  });
  expect(probe.openSessions).toBe(0);
});

test('an interrupted check is no report', async () => {
  const probe = new FakeServerProbe();
  const interrupt = new AbortController();
  probe.onRead = () => {
    interrupt.abort(new Error('interrupted'));
    interrupt.signal.throwIfAborted();
  };

  await expect(
    checkServer(FILE, { probe, clock: stepRig().clock }, OWN_SIDE, interrupt.signal),
  ).rejects.toThrow('interrupted');
  expect(probe.openSessions).toBe(0);
});
