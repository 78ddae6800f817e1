import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { connect } from 'node:net';
import { pipeline } from 'node:stream/promises';
import type { NodeJob } from './node/node-job.ts';

/** The same bytes over one TCP connection, with nothing on top: raw-source-process.ts sends the file that it is asked for. */
export async function rawTcp({ host, rawPort, path, targetPath }: NodeJob): Promise<undefined> {
  if (rawPort === undefined) throw new TypeError('no raw port');
  const socket = connect({ host, port: rawPort, noDelay: true });
  await once(socket, 'connect');
  socket.write(`${path}\n`);
  await pipeline(socket, createWriteStream(targetPath, { highWaterMark: 1024 ** 2 }));
  return undefined;
}
