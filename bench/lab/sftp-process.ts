import { startSftpServer } from '../../local/sftp-server/sftp-server.ts';
import { tellReady } from './ready-process.ts';

/** `sftp-process.ts <user name> <public key>`: the embedded SFTP server, which serves the whole file system. */
const [username, publicKey] = process.argv.slice(2);
if (username === undefined || publicKey === undefined) throw new Error('usage: <user name> <public key>');
const { port, hostKeyFingerprint } = await startSftpServer({
  rootDirectory: '/',
  username,
  publicKey,
});
tellReady({ port, hostKeyFingerprint });
