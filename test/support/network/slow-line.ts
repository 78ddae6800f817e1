import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

const LOOPBACK = '127.0.0.1';
const TICK_MS = 20;

export interface SlowLine {
  host: string;
  port: number;
  readonly connections: number;
  close(): Promise<void>;
}

/**
 * A line that carries so many bytes per second from the server, over all connections, in small portions without a gap;
 * what does not fit waits here, as in the queue of a modem. Towards the server it is as fast as loopback.
 */
export async function startSlowLine(targetPort: number, bytesPerSecond: number): Promise<SlowLine> {
  const portionBytes = Math.max(1, Math.round((bytesPerSecond * TICK_MS) / 1_000));
  const sockets = new Set<Socket>();
  let connections = 0;
  const listener = createServer({ noDelay: true }, (client) => {
    connections += 1;
    const server = connect({ host: LOOPBACK, port: targetPort, noDelay: true });
    let queue = Buffer.alloc(0);
    let hasEnded = false;
    const timer = setInterval(() => {
      const portion = queue.subarray(0, portionBytes);
      queue = queue.subarray(portion.length);
      if (portion.length > 0) client.write(portion);
      else if (hasEnded) client.end();
    }, TICK_MS);
    server.on('data', (data) => {
      queue = Buffer.concat([queue, data]);
    });
    server.once('end', () => {
      hasEnded = true;
    });
    client.pipe(server);
    for (const socket of [client, server]) {
      sockets.add(socket);
      socket.on('error', () => socket.destroy());
      socket.once('close', () => {
        sockets.delete(socket);
        if (socket === client) {
          clearInterval(timer);
          server.destroy();
        }
      });
    }
  });
  await new Promise<void>((resolve) => listener.listen(0, LOOPBACK, resolve));
  return {
    host: LOOPBACK,
    port: (listener.address() as AddressInfo).port,
    get connections() {
      return connections;
    },
    async close() {
      const closed = new Promise<void>((resolve) => listener.close(() => resolve()));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}
