import { readFile } from 'node:fs/promises';
import { Ssh2SftpSource } from '../../sftp/sftp-server.ts';
import type { NodeJob } from './node-job.ts';

/** The adapter as the functions use it, with its defaults. */
export function ourSource({ host, port, username, keyFile, hostKeyFingerprint }: NodeJob): Ssh2SftpSource {
  return new Ssh2SftpSource({
    host,
    port,
    hostKeyFingerprints: [hostKeyFingerprint],
    credentials: async () => ({ username, privateKey: await readFile(keyFile, 'utf8') }),
  });
}
