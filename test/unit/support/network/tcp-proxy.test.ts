import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { startTcpProxy, type TcpProxy, type TcpProxyOptions } from '../../../support/network/tcp-proxy.ts';

/** Sends back what it gets. */
let echo: Server;
let proxy: TcpProxy;
const sockets = new Set<Socket>();

beforeAll(async () => {
  echo = createServer({ noDelay: true, allowHalfOpen: true }, (socket) => {
    socket.on('error', () => {});
    socket.pipe(socket);
  });
  await new Promise<void>((resolve) => echo.listen(0, '127.0.0.1', resolve));
});
afterAll(() => new Promise<void>((resolve) => echo.close(() => resolve())));
afterEach(async () => {
  for (const socket of sockets) socket.destroy();
  sockets.clear();
  await proxy.close();
});

async function start(options: Omit<TcpProxyOptions, 'targetPort'> = {}) {
  proxy = await startTcpProxy({ ...options, targetPort: (echo.address() as AddressInfo).port });
}
async function dial(): Promise<Socket> {
  const socket = connect({ host: proxy.host, port: proxy.port, noDelay: true, allowHalfOpen: true });
  sockets.add(socket);
  await new Promise((resolve, reject) => socket.once('connect', resolve).once('error', reject));
  socket.on('error', () => {});
  return socket;
}
/** All that comes, until the connection ends in whatever way. */
async function received(socket: Socket): Promise<{ bytes: number; error: string | undefined }> {
  let bytes = 0;
  let error: string | undefined;
  socket.on('error', (thrown: NodeJS.ErrnoException) => {
    error = thrown.code;
  });
  socket.on('data', (data) => {
    bytes += data.length;
  });
  await new Promise((resolve) => socket.once('end', resolve).once('close', resolve));
  return { bytes, error };
}

test('passes everything on, both ways, and the ends too', async () => {
  await start();
  const socket = await dial();
  socket.end('hello');
  await expect(text(socket)).resolves.toBe('hello');
});

test('adds its delay each way', async () => {
  await start({ delayMs: 50 });
  const socket = await dial();
  const startedMs = performance.now();
  socket.end('x');
  await text(socket);
  expect(performance.now() - startedMs).toBeGreaterThanOrEqual(95);
});

test('delays many messages at once, as a long line does', async () => {
  await start({ delayMs: 100 });
  const socket = await dial();
  const answered = received(socket);
  const startedMs = performance.now();
  for (let n = 0; n < 20; n += 1) {
    socket.write(Buffer.alloc(1_000));
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  socket.end();
  await expect(answered).resolves.toEqual({ bytes: 20_000, error: undefined });
  const tookMs = performance.now() - startedMs;
  expect(tookMs).toBeGreaterThanOrEqual(195);
  expect(tookMs).toBeLessThan(20 * 200); // what one at a time would take
});

test('does not limit bandwidth, and keeps the order', async () => {
  await start({ delayMs: 20 });
  const socket = await dial();
  const sent = randomBytes(16 * 1024 * 1024);
  const chunks: Buffer[] = [];
  socket.on('data', (data) => chunks.push(data));
  const startedMs = performance.now();
  socket.end(sent);
  await new Promise((resolve) => socket.once('end', resolve));
  expect(Buffer.concat(chunks).equals(sent)).toBe(true);
  expect(performance.now() - startedMs).toBeLessThan(5_000);
});

test.each([
  ['close', undefined],
  ['reset', 'ECONNRESET'],
] as const)('cuts by %s after exactly the bytes asked for', async (how, error) => {
  await start({ faultOf: (n) => (n === 1 ? { afterBytes: 70_001, how } : undefined) });
  const socket = await dial();
  const got = received(socket);
  socket.write(Buffer.alloc(200_000));
  const outcome = await got;
  // A reset throws away what the receiver has not read.
  if (how === 'close') expect(outcome.bytes).toBe(70_001);
  else expect(outcome.bytes).toBeLessThanOrEqual(70_001);
  expect(outcome.error).toBe(error);

  const second = await dial();
  second.end('fine');
  await expect(text(second)).resolves.toBe('fine');
  expect(proxy.connections).toBe(2);
});

test('forgets a stalled connection that its client has given up', async () => {
  await start({ faultOf: () => ({ afterBytes: 10, how: 'stall' }) });
  const socket = await dial();
  socket.write('more than ten bytes');
  await new Promise((resolve) => socket.once('data', resolve));
  expect(proxy.openConnections).toBe(1);
  socket.end();
  await new Promise((resolve) => socket.once('close', resolve));
  expect(proxy.openConnections).toBe(0);
});

test('stalls after the bytes asked for, and stays open', async () => {
  await start({ faultOf: () => ({ afterBytes: 10, how: 'stall' }) });
  const socket = await dial();
  let bytes = 0;
  let isClosed = false;
  socket.on('data', (data) => {
    bytes += data.length;
  });
  socket.once('close', () => {
    isClosed = true;
  });
  socket.write('0123456789abcdef');
  await new Promise((resolve) => setTimeout(resolve, 150));
  expect({ bytes, isClosed }).toEqual({ bytes: 10, isClosed: false });
});

test.each(['close', 'reset'] as const)('ends a connection at once by %s', async (how) => {
  await start({ faultOf: () => ({ afterBytes: 0, how }) });
  const socket = connect(proxy.port, proxy.host).on('error', () => {});
  sockets.add(socket);
  await expect(received(socket)).resolves.toMatchObject({ bytes: 0 });
});

test('breaks all that is open', async () => {
  await start();
  const [first, second] = [received(await dial()), received(await dial())];
  expect(proxy.mostOpen).toBe(2);
  await new Promise((resolve) => setTimeout(resolve, 20));
  proxy.breakAll('reset');
  await expect(first).resolves.toEqual({ bytes: 0, error: 'ECONNRESET' });
  await expect(second).resolves.toEqual({ bytes: 0, error: 'ECONNRESET' });
});

test('holds what a client sends, and lets it go when it is told to', async () => {
  const { promise, resolve: release } = Promise.withResolvers<void>();
  await start({ clientHeldUntil: (n) => (n === 1 ? promise : undefined) });
  const held = await dial();
  let bytes = 0;
  held.on('data', (data) => {
    bytes += data.length;
  });
  held.end('later');
  const second = await dial();
  second.end('at once');
  await expect(text(second)).resolves.toBe('at once');
  expect(bytes).toBe(0);

  release();
  await once(held, 'end');
  expect(bytes).toBe('later'.length);
});

test('refuses, and accepts again on the same port', async () => {
  await start();
  const open = await dial();
  await proxy.refuse();
  await expect(dial()).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  open.end('still here');
  await expect(text(open)).resolves.toBe('still here');
  await proxy.accept();
  const socket = await dial();
  socket.end('back');
  await expect(text(socket)).resolves.toBe('back');
});
