import { userInfo } from 'node:os';
import ssh2 from 'ssh2';
import { sshdPath, startSshd } from '../../test/support/sftp/sshd.ts';
import { startProcess } from './ready-process.ts';

/** The SFTP server that everything is measured against; it serves this machine's file system. */
export interface SftpUnderTest {
  kind: 'OpenSSH' | 'embedded';
  port: number;
  hostKeyFingerprint: string;
  username: string;
  privateKey: string;
  stop(): Promise<void>;
}

/** OpenSSH where sshd is installed, with its default limits; else the embedded server. */
export async function startSftpUnderTest(): Promise<SftpUnderTest> {
  if (sshdPath !== undefined) return { kind: 'OpenSSH', ...(await startSshd()) };
  const { username } = userInfo();
  const key = ssh2.utils.generateKeyPairSync('ed25519');
  const server = await startProcess<{ port: number; hostKeyFingerprint: string }>(
    new URL('./sftp-process.ts', import.meta.url),
    [username, key.public],
  );
  return { kind: 'embedded', ...server.ready, username, privateKey: key.private, stop: server.stop };
}
