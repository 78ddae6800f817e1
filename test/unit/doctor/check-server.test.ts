import { checkServer } from '../../../doctor/check-server.ts';
import type { ConnectionEvent } from '../../../doctor/ports.ts';
import {
  type ServerCheckReport,
  STAGES,
  type Stage,
  serverCheckReportSchema,
} from '../../../doctor/report.ts';
import { DeadlineReached } from '../../../transfer/deadline.ts';
import { SftpAuthenticationError, SftpConnectionError } from '../../../transfer/errors.ts';
import { check, FILE, OWN_SIDE } from '../../support/doctor/check-fake-server.ts';
import { lost } from '../../support/doctor/failing-connection.ts';
import {
  algorithmsEvent,
  eventsBefore,
  FakeServerProbe,
  HEALTHY_CONNECTION,
} from '../../support/sftp/fake-server-probe.ts';
import { stepRig } from '../../support/step-rig.ts';

const MIB = 1_048_576;
function stageOf(report: ServerCheckReport, name: string): Stage | undefined {
  return report.stages.find(({ stage }) => stage === name);
}

test('a healthy server passes every stage, in order, and nothing is left open', async () => {
  const probe = new FakeServerProbe();

  const report = await check(probe);

  expect(report.status).toBe('HEALTHY');
  expect(report.failure).toBeNull();
  const ofOthers: readonly string[] = ['egress', 'listing', 'after-proof'];
  expect(report.stages.map(({ stage }) => stage)).toEqual(
    STAGES.filter((stage) => !ofOthers.includes(stage)),
  );
  expect(new Set(report.stages.map(({ verdict }) => verdict))).toEqual(new Set(['ok']));
  expect(serverCheckReportSchema.parse(JSON.parse(JSON.stringify(report)))).toEqual(report);
  expect(probe.openSessions).toBe(0);
});

test('it reads at the start, in the middle and at the end, then measures from both ends, then everywhere at once', async () => {
  const probe = new FakeServerProbe();
  probe.sizeBytes = 101 * MIB;

  await check(probe);

  expect(probe.reads).toEqual([
    { startByte: 0, bytes: MIB, maxChannels: 1 },
    { startByte: 50 * MIB, bytes: MIB, maxChannels: 1 },
    { startByte: 100 * MIB, bytes: MIB, maxChannels: 1 },
    { startByte: 0, bytes: 50_000_000, maxChannels: 1 },
    { startByte: 37 * MIB, bytes: 50_000_000, maxChannels: 8 },
    ...[0, 1, 2, 3].map((index) => ({
      startByte: (index * 101 * MIB) / 4,
      bytes: (101 * MIB) / 4,
      maxChannels: 8,
    })),
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

describe('four connections that read at once', () => {
  const TOGETHER = 'throughput-many-connections';

  /** A large file over a line that carries so many times what one connection has. */
  function sharing(times: number) {
    const probe = new FakeServerProbe();
    probe.sizeBytes = 10_000 * MIB;
    probe.lineBytesPerMs = times * probe.bytesPerMs;
    return probe;
  }

  test.each([
    [1, 1],
    [1.05, 1],
    [2.3, 3],
    [3.9, 4],
  ])('%f times the rate of one: %i are recommended', async (times, expected) => {
    const report = await check(sharing(times));

    expect(stageOf(report, TOGETHER)).toMatchObject({
      verdict: 'ok',
      details: { connections: 4, is_conclusive: true },
    });
    expect(report.recommendation?.max_concurrency).toBe(expected);
  });

  test('of a busy process, or of a short read, they say nothing about the line', async () => {
    const busy = sharing(1);
    busy.busyShare = 0.9;
    const short = sharing(1);
    short.sizeBytes = 5 * MIB;

    const [ofBusy, ofShort] = [await check(busy), await check(short, { fileSizeBytes: 10_000 * MIB })];

    expect(stageOf(ofBusy, TOGETHER)?.summary).toMatch(/ over 4 connections; this process was the limit/);
    expect(stageOf(ofShort, TOGETHER)?.summary).toMatch(/ over 4 connections; too short to say/);
    for (const { recommendation } of [ofBusy, ofShort]) expect(recommendation?.max_concurrency).toBe(4);
  });

  test('where one of them cannot read, that is a warning, and nothing is left open', async () => {
    const probe = sharing(1);
    probe.onRead = (read) => {
      if (read === 7) throw new SftpConnectionError('closed');
    };

    const report = await check(probe);

    expect(report.status).toBe('HEALTHY');
    expect(stageOf(report, TOGETHER)).toMatchObject({
      verdict: 'warning',
      summary: 'not all of 4 connections could read at once: SftpConnectionError: closed',
    });
    expect(report.recommendation?.max_concurrency).toBe(4);
    expect(probe.openSessions).toBe(0);
  });

  test('when the time of the check is over meanwhile, the report says so, and nothing is left open', async () => {
    const probe = sharing(1);
    const deadline = new AbortController();
    probe.onRead = (read) => {
      if (read === 7) deadline.abort(new DeadlineReached('10000 ms before the end'));
      deadline.signal.throwIfAborted();
    };

    const report = await checkServer(FILE, { probe, clock: stepRig().clock }, OWN_SIDE, deadline.signal);

    expect(report.failure).toMatchObject({ stage: TOGETHER, error: 'DeadlineReached' });
    expect(probe.openSessions).toBe(0);
  });
});

test.each([
  [1, '1 connection at a time; more were not tried: the configuration allows so many'],
  [3, '3 connections at a time; more were not tried: the configuration allows so many'],
  [8, '4 connections at a time; more were not tried'],
])('no more connections than the partner granted: %i', async (maxSessions, summary) => {
  const probe = new FakeServerProbe();

  const report = await check(probe, {}, { ...OWN_SIDE, maxSessions });

  expect(probe.mostOpenSessions).toBe(Math.min(maxSessions, 4));
  expect(stageOf(report, 'connections')).toMatchObject({ verdict: 'ok', summary });
});

test.each([
  [1, '1 connection at a time; more were not tried: so many were free for this check'],
  [2, '2 connections at a time; more were not tried: so many were free for this check'],
  [6, '4 connections at a time; more were not tried'],
])('no more connections than are free beside transfers: %i of 8', async (freeSessions, summary) => {
  const probe = new FakeServerProbe();

  const report = await check(probe, { ...FILE, freeSessions }, { ...OWN_SIDE, maxSessions: 8 });

  expect(probe.mostOpenSessions).toBe(Math.min(freeSessions, 4));
  expect(stageOf(report, 'connections')).toMatchObject({ verdict: 'ok', summary });
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
