import ssh2, { type Algorithms } from 'ssh2';
import { startFaultySftpServer } from '../../support/sftp/faulty-sftp-server.ts';
import { connectError, PASSWORD, sourceOf, USERNAME, useOnce } from '../../support/sftp/partner.ts';
import { temporaryDirectory } from '../../support/temporary-directory.ts';

const directory = temporaryDirectory();
const rsaKey = ssh2.utils.generateKeyPairSync('rsa', { bits: 2048 }).private;

/** A server that knows one algorithm of a kind, and the legacy setting that it needs. */
const cases: [string, Algorithms, string][] = [
  ['key exchange', { kex: ['diffie-hellman-group14-sha1'] }, 'diffie-hellman-group14-sha1'],
  ['host key', { serverHostKey: ['ssh-rsa'] }, 'ssh-rsa'],
  ['cipher', { cipher: ['aes128-cbc'] }, 'aes128-cbc'],
  ['MAC', { cipher: ['aes128-ctr'], hmac: ['hmac-md5'] }, 'hmac-md5'],
];

async function withServer(
  algorithms: Algorithms,
  work: (server: Awaited<ReturnType<typeof startFaultySftpServer>>) => Promise<void>,
) {
  const server = await startFaultySftpServer({
    rootDirectory: directory,
    username: USERNAME,
    password: PASSWORD,
    hostKey: rsaKey,
    algorithms,
  });
  try {
    await work(server);
  } finally {
    await server.close();
  }
}

describe.each(cases)('a server with a legacy %s', (kind, algorithms, name) => {
  test('is refused by default: the error shows what it offers, and the way out', () =>
    withServer(algorithms, async (server) => {
      const error = await connectError(sourceOf(server));
      expect(error).toMatchObject({ name: 'InvalidTransferRequestError', field: 'legacyAlgorithms' });
      expect(error.message).toContain(`127.0.0.1:${server.port} shares no ${kind} with us. It offers`);
      expect(error.message).toMatch(new RegExp(`It offers .*\\b${name}\\b`));
      expect(error.message).toMatch(new RegExp(`This setting could enable: ${name}$`));
      expect(server.record).toMatchObject({ connections: 1, attempts: [] });
    }));

  test("works when the partner's configuration allows it", () =>
    withServer(algorithms, async (server) => {
      await expect(useOnce(sourceOf(server, { legacyAlgorithms: [name] }))).resolves.toBe('/');
    }));
});

test('a server that nothing can help is said to need an upgrade', () =>
  withServer({ cipher: ['aes128-ctr'], hmac: ['hmac-ripemd160'] }, async (server) => {
    const error = await connectError(sourceOf(server));
    expect(error.message).toMatch(
      /MAC hmac-ripemd160\. No setting can help: the partner's server must offer one of ours: hmac-sha2-256-etm/,
    );
  }));

test('an unknown legacy algorithm is refused before anything is connected', () =>
  withServer({}, async (server) => {
    const error = await connectError(sourceOf(server, { legacyAlgorithms: ['rot13'] }));
    expect(error).toMatchObject({ name: 'InvalidTransferRequestError', value: 'rot13' });
    expect(server.record.connections).toBe(0);
  }));
