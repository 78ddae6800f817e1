import { createWriteStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import SftpClient from 'ssh2-sftp-client';
import type { NodeJob } from './node/node-job.ts';

/** A ranged `get` of ssh2-sftp-client, as its manual shows it, on a connection without Nagle's delay. */
export async function ssh2SftpClientGet(job: NodeJob): Promise<undefined> {
  const { host, port, username, keyFile } = job;
  const client = new SftpClient();
  await client.connect({ host, port, username, privateKey: await readFile(keyFile) });
  (client as unknown as { client: { setNoDelay(on: boolean): void } }).client.setNoDelay(true);
  await client.get(job.path, createWriteStream(job.targetPath), {
    readStreamOptions: { start: 0, end: job.sizeBytes - 1 } as object,
  });
  await client.end();
  return undefined;
}
