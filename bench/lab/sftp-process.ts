import { startSftpServer } from '../../local/sftp-server/sftp-server.ts';
import { serveUntilStdinEnds } from './ready-process.ts';

/** `sftp-process.ts <user name> <public key>`: the embedded SFTP server, which serves the whole file system. */
const [username, publicKey] = process.argv.slice(2);
if (username === undefined || publicKey === undefined) throw new Error('usage: <user name> <public key>');
const { port, hostKeyFingerprint, close } = await startSftpServer({
  rootDirectory: '/',
  username,
  publicKey,
});
await serveUntilStdinEnds({ port, hostKeyFingerprint });
await close();
