import { createReadStream } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { createInterface } from 'node:readline';
import { pipeline } from 'node:stream/promises';
import { tellReady } from '../ready-process.ts';

/** `raw-source-process.ts <address>`: sends the file whose path a client writes in a line, and closes. */
const [address] = process.argv.slice(2);
if (address === undefined) throw new Error('usage: <address>');
const READ_BYTES = 1024 ** 2;

const server = createServer((socket) => {
  createInterface({ input: socket }).once('line', (file) => {
    pipeline(createReadStream(file, { highWaterMark: READ_BYTES }), socket).catch(() => socket.destroy());
  });
});
await new Promise<void>((resolve) => server.listen(0, address, resolve));
tellReady({ port: (server.address() as AddressInfo).port });
