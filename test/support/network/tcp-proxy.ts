import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { forwardDelayed } from './delay-line.ts';

const LOOPBACK = '127.0.0.1';

/** What happens to a connection when `afterBytes` bytes of the server have come through (0: at once). */
export interface ConnectionFault {
  afterBytes: number;
  /** close: an orderly end. reset: a TCP reset. stall: the connection stays, and nothing comes any more. */
  how: 'close' | 'reset' | 'stall';
}

export interface TcpProxyOptions {
  targetHost?: string;
  targetPort: number;
  /** Added each way, so a round trip takes twice this. @default 0 */
  delayMs?: number;
  /** The fault of the n-th connection, counted from 1. @default none */
  faultOf?: (connectionNumber: number) => ConnectionFault | undefined;
  /**
   * What the n-th client sends waits at the line for this, or for the server to end the connection: a login is then
   * under way at the server for as long as a test wants. @default nothing waits
   */
  clientHeldUntil?: (connectionNumber: number) => Promise<void> | undefined;
}

export interface TcpProxy {
  host: string;
  port: number;
  /** Connections accepted so far. */
  readonly connections: number;
  readonly openConnections: number;
  /** Most connections that were open at the same time. */
  readonly mostOpen: number;
  /** Breaks every open connection. */
  breakAll(how: ConnectionFault['how']): void;
  /** From now on connections are refused, as by a server that is down; open ones stay. */
  refuse(): Promise<void>;
  /** Accepts again, on the same port. */
  accept(): Promise<void>;
  close(): Promise<void>;
}

/** A line to a server on this machine, with latency and faults. */
export async function startTcpProxy(options: TcpProxyOptions): Promise<TcpProxy> {
  const { targetHost = LOOPBACK, targetPort, delayMs = 0, faultOf = () => undefined } = options;
  const { clientHeldUntil = () => undefined } = options;
  const lines = new Set<Line>();
  let connections = 0;
  let mostOpen = 0;

  const listener = createServer({ noDelay: true, allowHalfOpen: true }, (client) => {
    connections += 1;
    const server = connect({ host: targetHost, port: targetPort, noDelay: true, allowHalfOpen: true });
    const line = new Line(client, server);
    lines.add(line);
    mostOpen = Math.max(mostOpen, lines.size);
    client.once('close', () => lines.delete(line));
    line.forward(delayMs, faultOf(connections), clientHeldUntil(connections));
  });
  const listen = (port: number) =>
    new Promise<void>((resolve, reject) => {
      listener.once('error', reject);
      listener.listen(port, LOOPBACK, () => {
        listener.off('error', reject);
        resolve();
      });
    });
  await listen(0);
  const { port } = listener.address() as AddressInfo;

  return {
    host: LOOPBACK,
    port,
    get connections() {
      return connections;
    },
    get openConnections() {
      return lines.size;
    },
    get mostOpen() {
      return mostOpen;
    },
    breakAll(how) {
      for (const line of lines) line.break(how);
    },
    // `close` calls back only when the last connection is gone, but stops listening at once.
    async refuse() {
      listener.close();
    },
    accept: () => listen(port),
    async close() {
      if (listener.listening) listener.close();
      for (const line of lines) line.break('close');
    },
  };
}

/** One connection through the proxy. */
class Line {
  readonly #client: Socket;
  readonly #server: Socket;
  #isStalled = false;
  #bytesFromServer = 0;

  constructor(client: Socket, server: Socket) {
    this.#client = client;
    this.#server = server;
    // A reset comes out of the other end as a reset.
    client.on('error', () => server.resetAndDestroy());
    server.on('error', () => client.resetAndDestroy());
    // A client that has given up a silent connection does not hold it any more.
    client.once('end', () => this.#isStalled && this.break('close'));
  }

  forward(
    delayMs: number,
    fault: ConnectionFault | undefined,
    clientHeldUntil: Promise<void> | undefined,
  ): void {
    if (fault?.afterBytes === 0) {
      this.break(fault.how);
      if (fault.how !== 'stall') return;
    }
    const forwardClient = () => forwardDelayed(this.#client, this.#server, delayMs, () => !this.#isStalled);
    if (clientHeldUntil === undefined) forwardClient();
    else void Promise.race([clientHeldUntil, this.#serverEnds()]).then(forwardClient);
    forwardDelayed(this.#server, this.#client, delayMs, (data) => {
      if (this.#isStalled || data === undefined) return !this.#isStalled;
      this.#bytesFromServer += data.length;
      if (fault === undefined || this.#bytesFromServer < fault.afterBytes) return true;
      const kept = data.subarray(0, data.length - (this.#bytesFromServer - fault.afterBytes));
      this.#client.write(kept, () => this.break(fault.how));
      this.#isStalled = true;
      return false;
    });
  }

  #serverEnds(): Promise<void> {
    return new Promise((resolve) => {
      this.#server.once('end', resolve).once('close', () => resolve());
    });
  }

  break(how: ConnectionFault['how']): void {
    this.#isStalled = true;
    if (how === 'stall') return;
    if (how === 'reset') this.#client.resetAndDestroy();
    else this.#client.destroy();
    this.#server.destroy();
  }
}
