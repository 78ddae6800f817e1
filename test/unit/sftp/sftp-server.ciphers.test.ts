import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Algorithms } from 'ssh2';
import { startFaultySftpServer } from '../../support/sftp/faulty-sftp-server.ts';
import { PASSWORD, sourceOf, USERNAME } from '../../support/sftp/partner.ts';
import { temporaryDirectory } from '../../support/temporary-directory.ts';

/** Several times the memory that socket reads go round in. */
const FILE_BYTES = 8 * 1024 ** 2;
const directory = temporaryDirectory();
const file = createHash('shake256', { outputLength: FILE_BYTES }).update('ciphers').digest();
writeFileSync(path.join(directory, 'file'), file);

// ssh2 takes packets apart in another way for each, and is given memory that is soon written over.
test.each<Algorithms>([
  { cipher: ['aes128-gcm@openssh.com'] },
  { cipher: ['chacha20-poly1305@openssh.com'] },
  { cipher: ['aes128-ctr'], hmac: ['hmac-sha2-256-etm@openssh.com'] },
  { cipher: ['aes256-ctr'], hmac: ['hmac-sha2-256'] },
])('a file arrives byte for byte with $cipher', async (algorithms) => {
  const server = await startFaultySftpServer({
    rootDirectory: directory,
    username: USERNAME,
    password: PASSWORD,
    algorithms,
  });
  const { signal } = new AbortController();
  const session = await sourceOf(server).connect(signal);
  try {
    const open = await session.open('/file', { maxReadBytes: 32_768, expectedBytes: FILE_BYTES }, signal);
    const hash = createHash('sha256');
    for await (const bytes of open.read({ startByte: 0, endByte: FILE_BYTES })) hash.update(bytes as Buffer);
    expect(hash.digest('hex')).toBe(createHash('sha256').update(file).digest('hex'));
  } finally {
    await session.end();
    await server.close();
  }
});
