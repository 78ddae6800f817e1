import { EventEmitter } from 'node:events';
import { writeFileSync } from 'node:fs';
import type { Socket } from 'node:net';
import path from 'node:path';
import { buffer } from 'node:stream/consumers';
import { LineMonitor } from '../../../sftp/line-monitor.ts';
import { startSlowLine } from '../../support/network/slow-line.ts';
import { startTcpProxy } from '../../support/network/tcp-proxy.ts';
import { type FaultySftpServer, startFaultySftpServer } from '../../support/sftp/faulty-sftp-server.ts';
import { never, PASSWORD, sourceOf, USERNAME } from '../../support/sftp/partner.ts';
import { readRange } from '../../support/sftp/read-range.ts';
import { temporaryDirectory } from '../../support/temporary-directory.ts';
import { within } from '../../support/within.ts';

test('it knows when the last byte came', () => {
  const socket = new EventEmitter();
  let nowMs = 1_000;
  const monitor = new LineMonitor(socket as unknown as Socket, () => nowMs);
  nowMs = 1_500;
  expect(monitor.silentMs()).toBe(500);
  socket.emit('data', Buffer.from('x'));
  nowMs = 1_700;
  expect(monitor.silentMs()).toBe(200);
});

test('the answer to a ping is no sign of life, unless other bytes come with it', () => {
  const socket = new EventEmitter();
  let nowMs = 1_000;
  const monitor = new LineMonitor(socket as unknown as Socket, () => nowMs);
  for (const [answer, silentMs] of [
    [Buffer.alloc(64), 500],
    [Buffer.alloc(32_768), 0],
    [Buffer.alloc(64), 500],
  ] as const) {
    nowMs += 500;
    monitor.pingAnswered();
    socket.emit('data', answer);
    expect(monitor.silentMs()).toBe(silentMs);
  }
  socket.emit('data', Buffer.alloc(64));
  expect(monitor.silentMs()).toBe(0);
});

describe('a line is judged by its bytes', () => {
  const directory = temporaryDirectory();
  const login = { username: USERNAME, password: PASSWORD };
  let server: FaultySftpServer;
  beforeAll(async () => {
    writeFileSync(path.join(directory, 'file.bin'), Buffer.alloc(500_000, 7));
    server = await startFaultySftpServer({ rootDirectory: directory, ...login });
  });
  afterAll(() => server.close());

  /** Shorter than one answer of 32 KiB takes on this line, and far longer than a busy machine keeps bytes waiting. */
  const SCALED = { idleTimeoutMs: 1_500, keepaliveIntervalMs: 500 };
  const BYTES_PER_SECOND = 16 * 1_024;
  const READ_BYTES = 70_000;

  test('no timer ends a slow line on which bytes flow, and one login is enough', async () => {
    const line = await startSlowLine(server.port, BYTES_PER_SECOND);
    try {
      const before = server.record.connections;
      const session = await sourceOf({ ...server, port: line.port }, SCALED).connect(never);
      const range = { path: '/file.bin', startByte: 0, endByte: READ_BYTES, maxReadBytes: 261_120 };
      await expect(buffer(readRange(session, range, never))).resolves.toHaveLength(READ_BYTES);
      await session.end();
      expect(server.record.connections - before).toBe(1);
    } finally {
      await line.close();
    }
  });

  test('a request is not given up while bytes come', async () => {
    const line = await startSlowLine(server.port, BYTES_PER_SECOND);
    try {
      const session = await sourceOf({ ...server, port: line.port }, SCALED).connect(never);
      const range = { path: '/file.bin', startByte: 0, endByte: READ_BYTES, maxReadBytes: 261_120 };
      const read = buffer(readRange(session, range, never));
      // Its answer queues behind those of the read, for longer than the idle time.
      await expect(session.stat('/file.bin', never)).resolves.toMatchObject({ sizeBytes: 500_000 });
      await expect(read).resolves.toHaveLength(READ_BYTES);
      await session.end();
    } finally {
      await line.close();
    }
  });

  test.each(['a read', 'a request'] as const)(
    'a server whose SFTP hangs while its SSH answers pings has stalled: %s',
    async (what) => {
      server.faults.answer = (_sftp, { kind }) => kind === (what === 'a read' ? 'READ' : 'STAT');
      try {
        // Pings that counted as life would keep it for ten idle times.
        const session = await sourceOf(server, { idleTimeoutMs: 1_000, keepaliveIntervalMs: 100 }).connect(
          never,
        );
        const range = { path: '/file.bin', startByte: 0, endByte: 120_000, maxReadBytes: 32_768 };
        const work: Promise<unknown> =
          what === 'a read' ? buffer(readRange(session, range, never)) : session.stat('/file.bin', never);
        await expect(within(6_000, work)).rejects.toThrow(
          expect.objectContaining({ name: 'SftpStalledError' }),
        );
        await session.end();
      } finally {
        delete server.faults.answer;
      }
    },
  );

  test('a line that is dark is ended within the idle time, by its own name', async () => {
    const proxy = await startTcpProxy({ targetPort: server.port });
    try {
      const session = await sourceOf({ ...server, port: proxy.port }, { idleTimeoutMs: 300 }).connect(never);
      proxy.breakAll('stall');
      const range = { path: '/file.bin', startByte: 0, endByte: 120_000, maxReadBytes: 32_768 };
      await expect(buffer(readRange(session, range, never))).rejects.toThrow(
        expect.objectContaining({ name: 'SftpStalledError' }),
      );
      await session.end();
    } finally {
      await proxy.close();
    }
  });
});
