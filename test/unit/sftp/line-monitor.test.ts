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

describe('a line is judged by its bytes', () => {
  const directory = temporaryDirectory();
  const login = { username: USERNAME, password: PASSWORD };
  let server: FaultySftpServer;
  beforeAll(async () => {
    writeFileSync(path.join(directory, 'file.bin'), Buffer.alloc(500_000, 7));
    server = await startFaultySftpServer({ rootDirectory: directory, ...login });
  });
  afterAll(() => server.close());

  /** Times that are small against one answer on this line, as the real ones are on a line of that rate / 60. */
  const SCALED = { idleTimeoutMs: 500, keepaliveIntervalMs: 200 };

  test.each([
    ['5 KiB/s, sixty times as fast', 5, 250_000],
    ['16 KiB/s, twenty times as fast', 16, 250_000],
    ['60 KiB/s, five times as fast', 60, 250_000],
  ])('%s: no timer ends it, and one login is enough', async (_case, kibPerSecond, lengthBytes) => {
    const factor = 300 / kibPerSecond;
    const line = await startSlowLine(server.port, Math.min(kibPerSecond * factor, 100) * 1_024);
    try {
      const before = server.record.connections;
      const session = await sourceOf({ ...server, port: line.port }, SCALED).connect(never);
      const range = { path: '/file.bin', startByte: 0, endByte: lengthBytes, maxReadBytes: 261_120 };
      const bytes = await buffer(readRange(session, range, never));
      expect(bytes).toHaveLength(lengthBytes);
      await session.end();
      expect(server.record.connections - before).toBe(1);
    } finally {
      await line.close();
    }
  });

  test('a request is not given up while bytes come', async () => {
    const line = await startSlowLine(server.port, 40 * 1_024);
    try {
      const session = await sourceOf({ ...server, port: line.port }, SCALED).connect(never);
      const range = { path: '/file.bin', startByte: 0, endByte: 120_000, maxReadBytes: 261_120 };
      const read = buffer(readRange(session, range, never));
      // Its answer queues behind those of the read, for longer than the idle time.
      await expect(session.stat('/file.bin', never)).resolves.toMatchObject({ sizeBytes: 500_000 });
      await expect(read).resolves.toHaveLength(120_000);
      await session.end();
    } finally {
      await line.close();
    }
  });

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
