import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import { parentPort, workerData } from 'node:worker_threads';
import { startS3Server } from './s3-server/server.ts';
import { startSftpServer } from './sftp-server/sftp-server.ts';

export interface EmbeddedServersOptions {
  sftpFolder: string;
  s3Folder: string;
  /** Whether files may be renamed and removed on the SFTP server. */
  allowNameChanges: boolean;
}

export interface EmbeddedServerAddresses {
  sftp: { port: number; username: string; password: string; hostKeyFingerprint: string };
  s3: { endpoint: string };
}

const { sftpFolder, s3Folder, allowNameChanges } = workerData as EmbeddedServersOptions;
const login = { username: 'partner', password: randomBytes(16).toString('hex') };
await mkdir(s3Folder, { recursive: true });
const [sftp, s3] = await Promise.all([
  startSftpServer({ rootDirectory: sftpFolder, allowNameChanges, ...login }),
  startS3Server({ directory: s3Folder }),
]);
const addresses: EmbeddedServerAddresses = {
  sftp: { port: sftp.port, hostKeyFingerprint: sftp.hostKeyFingerprint, ...login },
  s3: { endpoint: s3.endpoint },
};
parentPort?.postMessage(addresses);
if (parentPort !== null) await once(parentPort, 'message');
await Promise.all([sftp.close(), s3.close()]);
parentPort?.close();
