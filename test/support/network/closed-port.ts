import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';

export interface ClosedPort {
  port: number;
  release(): Promise<void>;
}

/**
 * A loopback port at which nobody listens, and nobody will: a connection of ours goes out from it, so the system gives
 * it to no other process until it is released. Whoever connects to it is refused.
 */
export async function holdClosedPort(): Promise<ClosedPort> {
  const listener = createServer();
  listener.listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const socket = connect((listener.address() as AddressInfo).port, '127.0.0.1');
  await once(socket, 'connect');
  return {
    port: (socket.address() as AddressInfo).port,
    async release() {
      socket.destroy();
      const closed = once(listener, 'close');
      listener.close();
      await closed;
    },
  };
}
