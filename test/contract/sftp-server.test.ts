import { symlinkSync } from 'node:fs';
import path from 'node:path';
import { type EmbeddedSftpServer, startSftpServer } from '../../local/sftp-server/sftp-server.ts';
import { Ssh2SftpServer } from '../../sftp/sftp-server.ts';
import { describeUnless } from '../support/optional-suite.ts';
import { type Sshd, sshdMissing, startSshd } from '../support/sftp/sshd.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { sftpServerContract } from './sftp-server.contract.ts';

const signal = new AbortController().signal;

describe('Ssh2SftpServer on the embedded server', () => {
  const directory = temporaryDirectory();
  let server: EmbeddedSftpServer;
  let source: Ssh2SftpServer;
  afterAll(() => server.close());

  sftpServerContract(async () => {
    server = await startSftpServer({ rootDirectory: directory, username: 'partner', password: 'secret' });
    source = new Ssh2SftpServer({
      host: server.host,
      port: server.port,
      hostKeyFingerprints: [server.hostKeyFingerprint],
      credentials: async () => ({ username: 'partner', password: 'secret' }),
    });
    return { server: source, directory, remoteDirectory: '/' };
  });

  test('takes the protocol floor as read limit, since the server announces none', async () => {
    const session = await source.connect(signal);
    expect(await session.maxReadBytes(signal)).toBe(32_768);
    await session.end();
  });
  test('may not follow a link out of the served folder', async () => {
    symlinkSync('/etc/hostname', path.join(directory, 'out'));
    const session = await source.connect(signal);
    await expect(session.stat('/out', signal)).rejects.toThrow(
      expect.objectContaining({ name: 'SourcePermissionError' }),
    );
    await session.end();
  });
});

describeUnless(sshdMissing, 'Ssh2SftpServer on OpenSSH', () => {
  const directory = temporaryDirectory();
  let sshd: Sshd;
  let source: Ssh2SftpServer;
  afterAll(() => sshd.stop());

  sftpServerContract(async () => {
    sshd = await startSshd();
    source = new Ssh2SftpServer({
      host: sshd.host,
      port: sshd.port,
      hostKeyFingerprints: [sshd.hostKeyFingerprint],
      credentials: async () => ({ username: sshd.username, privateKey: sshd.privateKey }),
    });
    return { server: source, directory, remoteDirectory: directory };
  });

  test('takes the read limit that the server announces', async () => {
    const session = await source.connect(signal);
    expect(await session.maxReadBytes(signal)).toBe(261_120);
    await session.end();
  });
});
