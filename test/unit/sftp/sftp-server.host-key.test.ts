import { type AddressInfo, createServer } from 'node:net';
import ssh2 from 'ssh2';
import { fingerprintOf, generateKeyPair } from '../../../local/sftp-server/host-key.ts';
import { type FaultySftpServer, startFaultySftpServer } from '../../support/sftp/faulty-sftp-server.ts';
import { connectError, PASSWORD, sourceOf, USERNAME, useOnce } from '../../support/sftp/partner.ts';
import { sawNoCredentials } from '../../support/sftp/server-record.ts';
import { temporaryDirectory } from '../../support/temporary-directory.ts';

const directory = temporaryDirectory();
const firstKey = generateKeyPair().private;
const secondKey = generateKeyPair().private;
const rsaKey = ssh2.utils.generateKeyPairSync('rsa', { bits: 2048 }).private;
const UNKNOWN = `SHA256:${'A'.repeat(43)}`;

describe('on a server with one key', () => {
  let server: FaultySftpServer;
  beforeEach(async () => {
    server = await startFaultySftpServer({
      rootDirectory: directory,
      username: USERNAME,
      password: PASSWORD,
      hostKey: firstKey,
    });
  });
  afterEach(() => server.close());

  test('a key that is not pinned is refused before any credential is sent', async () => {
    const error = await connectError(sourceOf(server, { hostKeyFingerprints: [UNKNOWN] }));
    expect(error).toMatchObject({
      name: 'HostKeyMismatchError',
      offered: fingerprintOf(firstKey),
      pinned: [UNKNOWN],
      retryable: false,
    });
    expect(error.message).toContain(fingerprintOf(firstKey));
    expect(error.message).toContain(UNKNOWN);
    expect(sawNoCredentials(server.record)).toBe(true);
    expect(server.record.connections).toBe(1);
  });

  test('nothing pinned: nothing is connected', async () => {
    const error = await connectError(sourceOf(server, { hostKeyFingerprints: [] }));
    expect(error).toMatchObject({ name: 'InvalidTransferRequestError', field: 'hostKeyFingerprints' });
    expect(server.record.connections).toBe(0);
  });

  test('a rotation with overlap passes, and afterwards the old pin alone does not', async () => {
    const pins = [fingerprintOf(firstKey), fingerprintOf(secondKey)];
    const source = sourceOf(server, { hostKeyFingerprints: pins });
    await expect(useOnce(source)).resolves.toBe('/');
    server.faults.hostKeyFor = () => secondKey;
    await expect(useOnce(source)).resolves.toBe('/');
    const attemptsBefore = server.record.attempts.length;
    const error = await connectError(sourceOf(server, { hostKeyFingerprints: pins.slice(0, 1) }));
    expect(error).toMatchObject({ name: 'HostKeyMismatchError', offered: fingerprintOf(secondKey) });
    expect(server.record.attempts).toHaveLength(attemptsBefore);
  });
});

describe('on a server with keys of two kinds', () => {
  const usernames: string[] = [];
  let connections = 0;
  // The embedded server has one key; a bare ssh2 server does to see what is sent before the login.
  const sshServer = new ssh2.Server({ hostKeys: [firstKey, rsaKey] }, (connection) => {
    connection.on('error', () => {});
    connection.on('authentication', (attempt) => {
      usernames.push(attempt.username);
      attempt.reject([]);
    });
  });
  const listener = createServer((socket) => {
    connections += 1;
    sshServer.injectSocket(socket);
  });
  let server: { host: string; port: number; hostKeyFingerprint: string };
  beforeAll(async () => {
    await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
    const { port } = listener.address() as AddressInfo;
    server = { host: '127.0.0.1', port, hostKeyFingerprint: UNKNOWN };
  });
  beforeEach(() => {
    connections = 0;
    usernames.length = 0;
  });
  afterAll(() => new Promise<void>((resolve) => listener.close(() => resolve())));

  test('finds the pinned one, though it is not of the preferred kind', async () => {
    const error = await connectError(sourceOf(server, { hostKeyFingerprints: [fingerprintOf(rsaKey)] }));
    expect(error.name).toBe('SftpAuthenticationError'); // so it came as far as the login
    expect(connections).toBe(2);
    expect(usernames).toEqual([USERNAME]);
  });

  test('refuses both when neither is pinned, and shows the preferred one', async () => {
    const error = await connectError(sourceOf(server, { hostKeyFingerprints: [UNKNOWN] }));
    expect(error).toMatchObject({ name: 'HostKeyMismatchError', offered: fingerprintOf(firstKey) });
    expect(connections).toBe(2);
    expect(usernames).toEqual([]);
  });
});
