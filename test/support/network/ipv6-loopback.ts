import { connect, createServer } from 'node:net';
import { networkInterfaces } from 'node:os';

/** For describeUnless. */
export const ipv6Missing: string | undefined = Object.values(networkInterfaces())
  .flat()
  .some((address) => address?.address === '::1')
  ? undefined
  : 'this machine has no IPv6';

/** Hands connections to ::1 on to the same port of 127.0.0.1. @returns what ends that */
export async function listenOnIpv6(port: number): Promise<() => Promise<void>> {
  const listener = createServer((client) => {
    const server = connect({ host: '127.0.0.1', port });
    for (const socket of [client, server]) socket.on('error', () => socket.destroy());
    client.pipe(server).pipe(client);
  });
  await new Promise<void>((resolve, reject) => {
    listener.once('error', reject).listen(port, '::1', resolve);
  });
  return () => new Promise((resolve) => void listener.close(() => resolve()));
}
