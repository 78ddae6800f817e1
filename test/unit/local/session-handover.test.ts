import { SessionHandover } from '../../../local/session-handover.ts';
import { SftpConnectionError } from '../../../transfer/errors.ts';
import { MemorySftpServer } from '../../support/sftp/memory-sftp-server.ts';

const never = new AbortController().signal;

function begin() {
  const partner = new MemorySftpServer();
  partner.files.set('/file', { bytes: Buffer.from('bytes'), modifiedAtSeconds: 1 });
  const handover = new SessionHandover(partner);
  return { partner, handover, server: handover.server };
}

test('gives the next step the session that the one before has released, and says so', async () => {
  const { partner, handover, server } = begin();
  const first = await server.connect(never);
  await first.release();
  const second = await server.connect(never);
  expect(partner.connects).toBe(1);
  expect([first.isHandedOn, second.isHandedOn]).toEqual([undefined, true]);
  expect(await second.stat('/file', never)).toMatchObject({ sizeBytes: 5 });
  await second.end();
  expect(partner.openSessions).toBe(0);
  await handover.end();
});

test('ends a session after work that failed, which the next step must not meet', async () => {
  const { partner, server } = begin();
  const first = await server.connect(never);
  await first.end();
  expect(partner.openSessions).toBe(0);
  expect((await server.connect(never)).isHandedOn).toBeUndefined();
  expect(partner.connects).toBe(2);
});

test('logs in anew when the session was lost while it waited', async () => {
  const { partner, server } = begin();
  const session = await partner.connect(never);
  jest.spyOn(partner, 'connect').mockResolvedValueOnce(session);
  await (await server.connect(never)).release();
  await session.end();
  const next = await server.connect(never);
  expect(next.isHandedOn).toBeUndefined();
  expect(await next.stat('/file', never)).toMatchObject({ sizeBytes: 5 });
});

test('keeps all that are let go of, for as many steps, and closes them with the transfer', async () => {
  const { partner, server, handover } = begin();
  const sessions = await Promise.all([1, 2, 3].map(() => server.connect(never)));
  for (const session of sessions) await session.release();
  const next = await Promise.all([1, 2].map(() => server.connect(never)));
  expect(next.map(({ isHandedOn }) => isHandedOn)).toEqual([true, true]);
  expect(partner.connects).toBe(3);
  for (const session of next) await session.release();
  expect(partner.openSessions).toBe(3);
  await handover.end();
  expect(partner.openSessions).toBe(0);
});

test('is not fooled by a release after another, or an end after it', async () => {
  const { partner, server, handover } = begin();
  const first = await server.connect(never);
  await first.release();
  await first.release();
  await first.end();
  const second = await server.connect(never);
  await first.end();
  expect(await second.stat('/file', never)).toMatchObject({ sizeBytes: 5 });
  expect(partner.openSessions).toBe(1);
  await handover.end();
});

test('closes a session that nobody has taken for five seconds', async () => {
  jest.useFakeTimers();
  try {
    const { partner, server } = begin();
    await (await server.connect(never)).release();
    await jest.advanceTimersByTimeAsync(4_999);
    expect(partner.openSessions).toBe(1);
    await jest.advanceTimersByTimeAsync(1);
    expect(partner.openSessions).toBe(0);
  } finally {
    jest.useRealTimers();
  }
});

test('keeps nothing any more once the transfer is over', async () => {
  const { partner, server, handover } = begin();
  const late = await server.connect(never);
  await handover.end();
  await late.release();
  expect(partner.openSessions).toBe(0);
});

test('tells a step that is cancelled so, and leaves the session to others', async () => {
  const { partner, server, handover } = begin();
  await (await server.connect(never)).release();
  const reason = new Error('stopped');
  await expect(server.connect(AbortSignal.abort(reason))).rejects.toBe(reason);
  expect((await server.connect(never)).isHandedOn).toBe(true);
  expect(partner.connects).toBe(1);
  await handover.end();
});

test('passes on what connecting fails with, and asks again the next time', async () => {
  const { partner, server, handover } = begin();
  const refusal = new SftpConnectionError('refused');
  jest.spyOn(partner, 'connect').mockRejectedValueOnce(refusal);
  await expect(server.connect(never)).rejects.toBe(refusal);
  expect(await (await server.connect(never)).stat('/file', never)).toMatchObject({ sizeBytes: 5 });
  await handover.end();
});

test('hands no session on to another version of the secret', async () => {
  const { partner, server, handover } = begin();
  await (await server.connect(never)).release();
  const other = await server.withSecretVersion('v2').connect(never);
  expect(other.isHandedOn).toBeUndefined();
  expect(partner.usedSecretVersions).toEqual([undefined, 'v2']);
  await other.end();
  await handover.end();
});
