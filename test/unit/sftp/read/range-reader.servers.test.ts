import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import type { ReadStats } from '../../../../sftp/ports.ts';
import { createRangeReadStream, type RangeReadOptions } from '../../../../sftp/read/range-reader.ts';
import { startTcpProxy, type TcpProxy } from '../../../support/network/tcp-proxy.ts';
import { describeUnless } from '../../../support/optional-suite.ts';
import { type FaultySftpServer, startFaultySftpServer } from '../../../support/sftp/faulty-sftp-server.ts';
import { connectSsh2, type Ssh2Connection, withoutInternals } from '../../../support/sftp/ssh2-connection.ts';
import { type Sshd, sshdMissing, startSshd } from '../../../support/sftp/sshd.ts';
import { temporaryDirectory } from '../../../support/temporary-directory.ts';

const MIB = 1024 ** 2;
const FILE_BYTES = 12 * MIB + 1;
const file = createHash('shake256', { outputLength: FILE_BYTES }).update('servers').digest();
const never = new AbortController().signal;
const directory = temporaryDirectory();
beforeAll(() => writeFileSync(path.join(directory, 'big'), file));

/** Reads the whole file and checks it. */
async function readAll(
  connection: Pick<Ssh2Connection, 'client' | 'sftp'>,
  filePath: string,
  options: Partial<RangeReadOptions> = {},
): Promise<ReadStats> {
  const settled = Promise.withResolvers<ReadStats>();
  const stream: Readable = createRangeReadStream(
    connection,
    { path: filePath, startByte: 0, endByte: FILE_BYTES },
    { maxReadBytes: 32_768, onSettled: settled.resolve, ...options },
    never,
  );
  expect((await buffer(stream)).equals(file)).toBe(true);
  return settled.promise;
}

describe('on the embedded server', () => {
  const login = { username: 'partner', password: 'secret' };
  let server: FaultySftpServer;
  let connection: Ssh2Connection;
  beforeEach(async () => {
    server = await startFaultySftpServer({ rootDirectory: directory, ...login });
    connection = await connectSsh2(server, login);
  });
  afterEach(async () => {
    await connection.end();
    await server.close();
  });

  test('reads over one channel with a widened window', async () => {
    const stats = await readAll(connection, '/big');
    expect(stats).toMatchObject({ bytes: FILE_BYTES, channels: 1, windowWidened: true, pieceBytes: 32_768 });
  });

  test('reads again on the same connection', async () => {
    await readAll(connection, '/big');
    await readAll(connection, '/big');
  });

  test('reads over several channels where the window cannot be widened', async () => {
    const stats = await readAll(withoutInternals(connection), '/big', { maxBytesInFlight: 4 * MIB });
    expect(stats.windowWidened).toBe(false);
    expect(stats.channels).toBeGreaterThan(1);
  });

  test('takes the channels that the server gives', async () => {
    server.faults.maxSessions = 1;
    const stats = await readAll(withoutInternals(connection), '/big', { maxBytesInFlight: 4 * MIB });
    expect(stats.channels).toBe(1);
    expect(stats.refusedChannels).toBeGreaterThan(0);
  });

  test('gets exact bytes out of short answers', async () => {
    server.faults.maxReadBytes = 8_192;
    const stats = await readAll(connection, '/big');
    expect(stats.pieceBytes).toBe(8_192);
    expect(stats.shortReads).toBeGreaterThan(0);
  });
});

describeUnless(sshdMissing, 'on OpenSSH', () => {
  let sshd: Sshd;
  let proxy: TcpProxy | undefined;
  const filePath = path.join(directory, 'big');
  const connections: Ssh2Connection[] = [];
  async function connect(server: { host: string; port: number } = sshd): Promise<Ssh2Connection> {
    const connection = await connectSsh2(server, { username: sshd.username, privateKey: sshd.privateKey });
    connections.push(connection);
    return connection;
  }
  beforeAll(async () => {
    sshd = await startSshd(['MaxSessions 1', 'RekeyLimit 2M']);
  });
  afterEach(() => Promise.all(connections.splice(0).map((connection) => connection.end())));
  afterAll(async () => {
    await proxy?.close();
    await sshd.stop();
  });

  test('reads with the largest reads through many rekeys', async () => {
    const connection = await connect();
    let handshakes = 0;
    connection.client.on('handshake', () => {
      handshakes += 1;
    });
    const stats = await readAll(connection, filePath, { maxReadBytes: 261_120 });
    expect(stats).toMatchObject({ channels: 1, windowWidened: true, pieceBytes: 261_120, shortReads: 0 });
    expect(handshakes).toBeGreaterThan(3);
  });

  test('takes the channels that MaxSessions leaves', async () => {
    const connection = await connect();
    const stats = await readAll(withoutInternals(connection), filePath, { maxBytesInFlight: 4 * MIB });
    expect(stats.channels).toBe(1);
    expect(stats.refusedChannels).toBeGreaterThan(0);
  });

  test('has more on its way than one window over a long line', async () => {
    proxy = await startTcpProxy({ targetHost: sshd.host, targetPort: sshd.port, delayMs: 25 });
    const connection = await connect(proxy);
    const stats = await readAll(connection, filePath, { maxReadBytes: 261_120 });
    expect(stats.roundTripMs).toBeGreaterThanOrEqual(50);
    expect(stats.peakBytesInFlight).toBeGreaterThan(4 * MIB);
  });
});
