import { KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import ssh2, { type CipherAlgorithm, type SFTPWrapper } from 'ssh2';
import { type EmbeddedSftpServer, startSftpServer } from '../../../../local/sftp-server/sftp-server.ts';
import { useKeyObjects } from '../../../../sftp/ssh2-internals/cipher-keys.ts';
import { temporaryDirectory } from '../../../support/temporary-directory.ts';

const directory = temporaryDirectory();
let server: EmbeddedSftpServer;
beforeAll(async () => {
  server = await startSftpServer({ rootDirectory: directory, username: 'user', password: 'secret' });
});
afterAll(() => server.close());

/** The fields of ssh2's ciphers that hold keys. */
function keysOf(client: ssh2.Client): Record<string, unknown> {
  const { _protocol } = client as unknown as { _protocol: { _cipher: object; _decipher: object } };
  const fields = Object.entries({ ..._protocol._cipher, ..._protocol._decipher });
  return Object.fromEntries(fields.filter(([name]) => /^_(enc|dec|decipher)Key/.test(name)));
}

// If an update of ssh2 fails this test, the connection still works, but a third slower: find the new fields.
test.each<[CipherAlgorithm, number]>([
  ['aes128-gcm@openssh.com', 2],
  ['aes256-gcm@openssh.com', 2],
  ['chacha20-poly1305@openssh.com', 4],
  ['aes128-ctr', 0],
])('with %s ssh2 gets its %i keys as objects, and the connection works', async (cipher, expected) => {
  const client = new ssh2.Client();
  client.on('handshake', () => useKeyObjects(client));
  const ready = new Promise((resolve, reject) =>
    client.once('ready', () => resolve(true)).once('error', reject),
  );
  client.connect({
    host: server.host,
    port: server.port,
    username: 'user',
    password: 'secret',
    algorithms: { cipher: [cipher] },
  });
  await ready;
  const sftp = await promisify<SFTPWrapper>((done) => client.sftp(done))();
  await expect(promisify(sftp.realpath.bind(sftp))('.')).resolves.toBe('/');
  const keys = Object.values(keysOf(client));
  expect(keys.filter((key) => key instanceof KeyObject)).toHaveLength(expected);
  expect(keys.filter((key) => Buffer.isBuffer(key))).toEqual([]);
  const closed = new Promise<void>((resolve) => client.once('close', () => resolve()));
  client.end();
  await closed;
});

test('leaves what it does not know alone', () => {
  const strange = { _protocol: { _cipher: { _encKey: 'text' }, _decipher: undefined } };
  useKeyObjects(strange);
  useKeyObjects({});
  expect(strange).toEqual({ _protocol: { _cipher: { _encKey: 'text' }, _decipher: undefined } });
});
