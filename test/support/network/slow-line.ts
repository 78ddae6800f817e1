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
 * they share it evenly, and what does not fit waits here, as in the queue of a modem. Towards the server it is as fast as loopback.
 */
export async function startSlowLine(targetPort: number, bytesPerSecond: number): Promise<SlowLine> {
  const portionBytes = Math.max(1, Math.round((bytesPerSecond * TICK_MS) / 1_000));
  const sockets = new Set<Socket>();
  const queues = new Set<Queue>();
  let connections = 0;
  const listener = createServer({ noDelay: true }, (client) => {
    connections += 1;
    const server = connect({ host: LOOPBACK, port: targetPort, noDelay: true });
    const queue = new Queue(client);
    queues.add(queue);
    server.on('data', (data) => queue.add(data));
    server.once('end', () => queue.end());
    client.pipe(server);
    // A reset comes out of the other end as a reset, and overtakes what waits.
    client.on('error', () => server.resetAndDestroy());
    server.on('error', () => client.resetAndDestroy());
    for (const socket of [client, server]) {
      sockets.add(socket);
      socket.once('close', () => sockets.delete(socket));
    }
    client.once('close', () => {
      queues.delete(queue);
      server.destroy();
    });
  });
  const timer = setInterval(() => {
    const waiting = [...queues].filter((queue) => queue.isWaiting);
    for (const queue of waiting) queue.letThrough(Math.ceil(portionBytes / waiting.length));
  }, TICK_MS);
  await new Promise<void>((resolve) => listener.listen(0, LOOPBACK, resolve));
  return {
    host: LOOPBACK,
    port: (listener.address() as AddressInfo).port,
    get connections() {
      return connections;
    },
    async close() {
      clearInterval(timer);
      const closed = new Promise<void>((resolve) => listener.close(() => resolve()));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

/** What one connection's server has sent and the line has not carried yet. */
class Queue {
  readonly #client: Socket;
  #bytes = Buffer.alloc(0);
  #hasEnded = false;

  constructor(client: Socket) {
    this.#client = client;
  }

  get isWaiting(): boolean {
    return this.#bytes.length > 0 || this.#hasEnded;
  }

  add(data: Buffer): void {
    this.#bytes = Buffer.concat([this.#bytes, data]);
  }

  end(): void {
    this.#hasEnded = true;
  }

  letThrough(mostBytes: number): void {
    const portion = this.#bytes.subarray(0, mostBytes);
    this.#bytes = this.#bytes.subarray(portion.length);
    if (portion.length > 0) this.#client.write(portion);
    else if (this.#hasEnded) this.#client.end();
  }
}
