import { basename } from 'node:path';
import { startSftpServer } from '../../local/sftp-server/sftp-server.ts';
import { describeTransfers } from './transfer.suite.ts';

describe('transfers from the embedded SFTP server', () => {
  describeTransfers(async (folder) => {
    const login = { username: 'partner', password: 'correct horse' };
    const server = await startSftpServer({ rootDirectory: folder, ...login });
    return {
      host: server.host,
      port: server.port,
      hostKeyFingerprint: server.hostKeyFingerprint,
      credentials: async () => login,
      remotePath: (file) => `/${basename(file)}`,
      stop: () => server.close(),
    };
  });
});
