import { readFileSync } from 'node:fs';
import { Ssh2SftpServer } from '../../../sftp/sftp-server.ts';

/** What a process at the client's end is given, as JSON. */
export interface ClientJob {
  host: string;
  /** What the name `host` resolves to; undefined where it is an address. */
  addresses?: string[];
  port: number;
  username: string;
  keyFile: string;
  hostKeyFingerprint: string;
  /** The file to read. */
  path: string;
}

/** The adapter as the functions use it, with its defaults. */
export function serverOf(job: ClientJob): Ssh2SftpServer {
  const { addresses } = job;
  return new Ssh2SftpServer({
    host: job.host,
    ...(addresses !== undefined && { lookup: async () => addresses }),
    port: job.port,
    hostKeyFingerprints: [job.hostKeyFingerprint],
    credentials: async () => ({
      username: job.username,
      privateKey: readFileSync(job.keyFile, 'utf8'),
    }),
  });
}
