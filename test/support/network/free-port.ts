import { type AddressInfo, createServer } from 'node:net';

/**
 * A loopback port that is free now; another process may take it before it is used, so be ready to try again. Where
 * nobody may listen, hold a closed port instead.
 */
export async function findFreePort(): Promise<number> {
  const listener = createServer();
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
  const { port } = listener.address() as AddressInfo;
  await new Promise<void>((resolve) => listener.close(() => resolve()));
  return port;
}
