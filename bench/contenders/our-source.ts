import { readFile } from 'node:fs/promises';
import { Ssh2SftpServer } from '../../sftp/sftp-server.ts';
import type { NodeJob } from './node/node-job.ts';

/** The adapter as the functions use it, with its defaults. */
export function ourSource({ host, port, username, keyFile, hostKeyFingerprint }: NodeJob): Ssh2SftpServer {
  return new Ssh2SftpServer({
    host,
    port,
    hostKeyFingerprints: [hostKeyFingerprint],
    credentials: async () => ({ username, privateKey: await readFile(keyFile, 'utf8') }),
  });
}
