import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { buffer } from 'node:stream/consumers';
import { startSftpServer } from '../../../../local/sftp-server/sftp-server.ts';
import { createRangeReadStream } from '../../../../sftp/read/range-reader.ts';
import { connectSsh2 } from '../../../support/sftp/ssh2-connection.ts';
import { temporaryDirectory } from '../../../support/temporary-directory.ts';

const FILE_BYTES = 1024 ** 2;
const login = { username: 'partner', password: 'secret' };
const directory = temporaryDirectory();

test.each([1, 5])(
  'answer %i longer than its read fails the range instead of shifting the bytes after it',
  async (oversized) => {
    writeFileSync(path.join(directory, 'big'), Buffer.alloc(FILE_BYTES));
    let answers = 0;
    const server = await startSftpServer({
      rootDirectory: directory,
      ...login,
      hooks: {
        async read({ lengthBytes }, read) {
          answers += 1;
          const isOversized = answers === oversized;
          const bytes = await read(lengthBytes);
          return isOversized ? Buffer.concat([bytes ?? Buffer.alloc(0), Buffer.alloc(1)]) : bytes;
        },
      },
    });
    const connection = await connectSsh2(server, login);
    try {
      const stream = createRangeReadStream(
        connection,
        { path: '/big', startByte: 0, endByte: FILE_BYTES },
        { maxReadBytes: 32_768 },
        new AbortController().signal,
      );

      await expect(buffer(stream)).rejects.toThrow(
        expect.objectContaining({
          name: 'SftpConnectionError',
          message: expect.stringContaining('32769 bytes for a read of 32768'),
        }),
      );
    } finally {
      await connection.end();
      await server.close();
    }
  },
);
