import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { startSlowLine } from '../../../support/network/slow-line.ts';

const FAST = 1_048_576;

test.each([
  ['a reset', (socket: Socket) => socket.resetAndDestroy(), 'ECONNRESET'],
  ['an end', (socket: Socket) => socket.end(), undefined],
])('%s of the server comes out at the client', async (_how, finish, code) => {
  const server = createServer((socket) => {
    socket.on('error', () => {});
    socket.once('data', () => finish(socket));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const line = await startSlowLine((server.address() as AddressInfo).port, FAST);
  try {
    const client = connect({ host: line.host, port: line.port });
    let error: NodeJS.ErrnoException | undefined;
    client.on('error', (failure) => {
      error = failure;
    });
    client.resume().write('hello');
    await new Promise<void>((resolve) => client.once('close', () => resolve()));
    expect(error?.code).toBe(code);
  } finally {
    await line.close();
    server.close();
  }
});
