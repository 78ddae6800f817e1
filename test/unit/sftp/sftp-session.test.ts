import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { buffer } from 'node:stream/consumers';
import { END_TIMEOUT_MS } from '../../../sftp/settings.ts';
import { startTcpProxy, type TcpProxy } from '../../support/network/tcp-proxy.ts';
import { type FaultySftpServer, startFaultySftpServer } from '../../support/sftp/faulty-sftp-server.ts';
import { never, PASSWORD, sourceOf, USERNAME } from '../../support/sftp/partner.ts';
import { endWithoutClosing } from '../../support/sftp/raw-answers.ts';
import { readRange } from '../../support/sftp/read-range.ts';
import { temporaryDirectory } from '../../support/temporary-directory.ts';
import { within } from '../../support/within.ts';

const directory = temporaryDirectory();
const FILE_BYTES = 1_000_000;
let server: FaultySftpServer;
let proxy: TcpProxy;

beforeEach(async () => {
  writeFileSync(path.join(directory, 'file.bin'), Buffer.alloc(FILE_BYTES, 7));
  server = await startFaultySftpServer({ rootDirectory: directory, username: USERNAME, password: PASSWORD });
  proxy = await startTcpProxy({ targetPort: server.port });
});
afterEach(async () => {
  await proxy.close();
  await server.close();
});

const connect = (overrides = {}) => sourceOf({ ...server, port: proxy.port }, overrides).connect(never);
const range = { path: '/file.bin', startByte: 0, endByte: FILE_BYTES, maxReadBytes: 32_768 };
const errorNamed = (name: string) => expect.objectContaining({ name });

describe('a request', () => {
  test('without an answer is stalled', async () => {
    const session = await connect({ idleTimeoutMs: 100 });
    proxy.breakAll('stall');
    await expect(session.stat('/file.bin', never)).rejects.toThrow(errorNamed('SftpStalledError'));
    await session.end();
  });

  test.each(['close', 'reset'] as const)('is a connection error when the line breaks by %s', async (how) => {
    const session = await connect();
    const answer = expect(session.stat('/file.bin', never)).rejects.toThrow(
      errorNamed('SftpConnectionError'),
    );
    proxy.breakAll(how);
    await answer;
    await expect(session.stat('/file.bin', never)).rejects.toThrow(errorNamed('SftpConnectionError'));
    await session.end();
  });
});

describe('a read', () => {
  test('fails as stalled when the server stalls', async () => {
    server.faults.midTransfer = [{ afterBytes: 500_000, what: 'stall' }];
    const session = await connect({ idleTimeoutMs: 200 });
    await expect(buffer(readRange(session, range, never))).rejects.toThrow(errorNamed('SftpStalledError'));
    await session.end();
  });

  test('fails as a lost connection when the server resets it', async () => {
    server.faults.midTransfer = [{ afterBytes: 500_000, what: 'drop' }];
    const session = await connect();
    await expect(buffer(readRange(session, range, never))).rejects.toThrow(errorNamed('SftpConnectionError'));
    await session.end();
  });

  test('is whole though every answer is short', async () => {
    server.faults.shortRead = (lengthBytes) => Math.ceil(lengthBytes / 3);
    server.faults.maxReadBytes = 10_000;
    const session = await connect();
    const bytes = await buffer(readRange(session, range, never));
    expect(bytes.equals(Buffer.alloc(FILE_BYTES, 7))).toBe(true);
    await session.end();
  });

  test('gets by with one session where the server allows no more', async () => {
    server.faults.maxSessions = 1;
    const session = await connect({ maxChannels: 4 });
    const bytes = await buffer(readRange(session, range, never));
    expect(bytes).toHaveLength(FILE_BYTES);
    await session.end();
    expect(server.record.mostOpenSessions).toBe(1);
  });
});

describe('a server that ends the channel and leaves it open', () => {
  /** Answers STAT, and says at once that it will send no more on this channel. */
  const endAtStat = (): void => {
    server.faults.answer = (sftp, { kind, id }) => {
      if (kind !== 'STAT') return false;
      sftp.attrs(id, { mode: 0o100644, size: FILE_BYTES, mtime: 1, atime: 1, uid: 0, gid: 0 });
      endWithoutClosing(sftp);
      return true;
    };
  };
  const LONG_IDLE_MS = 60_000;

  test('is not asked on it again', async () => {
    endAtStat();
    const session = await connect({ idleTimeoutMs: LONG_IDLE_MS });
    const ended = once(session.connection.sftp, 'end');
    await session.stat('/file.bin', never);
    await within(5_000, ended);
    await expect(within(5_000, session.stat('/file.bin', never))).rejects.toThrow(
      errorNamed('SftpConnectionError'),
    );
    await session.end();
  });

  test('fails a file that nobody reads at the moment', async () => {
    endAtStat();
    const session = await connect({ idleTimeoutMs: LONG_IDLE_MS });
    const file = await session.open('/file.bin', { maxReadBytes: 32_768 }, never);
    const ended = once(session.connection.sftp, 'end');
    await session.stat('/file.bin', never);
    await within(5_000, ended);
    const read = buffer(file.read({ startByte: 0, endByte: 10 }));
    await expect(within(5_000, read)).rejects.toThrow(errorNamed('SftpConnectionError'));
    await file.close();
    await session.end();
  });
});

describe('the end', () => {
  test('leaves no connection and no session with the partner', async () => {
    const session = await connect();
    await buffer(readRange(session, range, never));
    await session.end();
    while (server.record.openConnections > 0) await new Promise((resolve) => setTimeout(resolve, 5));
    expect(server.record).toMatchObject({ connections: 1, openSessions: 0 });
  });

  test('comes in time though the server does not answer', async () => {
    const session = await connect();
    proxy.breakAll('stall');
    const startedMs = performance.now();
    await session.end();
    expect(performance.now() - startedMs).toBeLessThan(END_TIMEOUT_MS + 500);
  });

  test('does not throw when the connection is long gone', async () => {
    const session = await connect();
    proxy.breakAll('reset');
    await new Promise((resolve) => setTimeout(resolve, 50));
    await expect(session.end()).resolves.toBeUndefined();
  });
});

test('a silent connection is given up by keepalive', async () => {
  const session = await connect({ keepaliveIntervalMs: 30, idleTimeoutMs: 10_000 });
  proxy.breakAll('stall');
  await expect(session.stat('/file.bin', never)).rejects.toThrow(errorNamed('SftpConnectionError'));
  await session.end();
});
