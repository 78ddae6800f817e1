import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import ssh2 from 'ssh2';
import { generateKeyPair } from '../../../local/sftp-server/host-key.ts';
import { LOST_BEFORE_HANDSHAKE_MAX_ATTEMPTS } from '../../../sftp/settings.ts';
import type { HostKeyMismatchError } from '../../../transfer/errors.ts';
import { holdClosedPort } from '../../support/network/closed-port.ts';
import { startTcpProxy, type TcpProxy } from '../../support/network/tcp-proxy.ts';
import { type FaultySftpServer, startFaultySftpServer } from '../../support/sftp/faulty-sftp-server.ts';
import { connectError, never, PASSWORD, sourceOf, USERNAME } from '../../support/sftp/partner.ts';
import { temporaryDirectory } from '../../support/temporary-directory.ts';

const directory = temporaryDirectory();
const EGRESS = ['192.0.2.1', '192.0.2.2'];
const HINT = 'the partner must allow 192.0.2.1, 192.0.2.2';
let server: FaultySftpServer;

beforeAll(async () => {
  server = await startFaultySftpServer({ rootDirectory: directory, username: USERNAME, password: PASSWORD });
});
afterAll(() => server.close());
afterEach(() => {
  for (const fault of Object.keys(server.faults)) delete server.faults[fault as keyof typeof server.faults];
  jest.restoreAllMocks();
});

/** No waiting between quick retries. */
const withoutDelays = () => jest.spyOn(Math, 'random').mockReturnValue(0);

/** A server that answers each connection with `behave`. */
async function against(
  behave: (socket: Socket) => void,
  work: (server: { host: string; port: number; hostKeyFingerprint: string }) => Promise<void>,
) {
  const sockets = new Set<Socket>();
  const listener: Server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    behave(socket);
  });
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
  const { port } = listener.address() as AddressInfo;
  try {
    await work({ host: '127.0.0.1', port, hostKeyFingerprint: server.hostKeyFingerprint });
  } finally {
    for (const socket of sockets) socket.destroy();
    await new Promise<void>((resolve) => listener.close(() => resolve()));
  }
}

describe('fails with a connection error that names server, time and step', () => {
  test.each<[string, (socket: Socket) => void, RegExp, boolean]>([
    ['silence', () => {}, /no answer after \d\.\d\d s while waiting for its identification\. /, true],
    [
      'a reset before the identification',
      (socket) => socket.resetAndDestroy(),
      /while waiting for its identification\. /,
      true,
    ],
    [
      'a close before the identification',
      (socket) => socket.destroy(),
      /while waiting for its identification\. /,
      true,
    ],
    [
      'a word of farewell before the identification',
      (socket) => socket.end('Exceeded MaxStartups\u0007\r\n'),
      /while waiting for its identification \(it said: Exceeded MaxStartups\\u0007\)\.$/,
      false,
    ],
    [
      'silence after the identification',
      (socket) => socket.write('SSH-2.0-x\r\n'),
      /no answer after \d\.\d\d s while exchanging keys\.$/,
      false,
    ],
    [
      'a close after the identification',
      (socket) => socket.end('SSH-2.0-x\r\n'),
      /connection closed by the server after \d\.\d\d s while exchanging keys\.$/,
      false,
    ],
    [
      'another protocol',
      (socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'),
      /it said: HTTP\/1\.1 400 Bad Request\)\.$/,
      false,
    ],
  ])('%s', async (_case, behave, expected, hints) => {
    withoutDelays();
    await against(behave, async (bad) => {
      const error = await connectError(sourceOf(bad, { loginTimeoutMs: 200, egressAddresses: EGRESS }));
      expect(error).toMatchObject({ name: 'SftpConnectionError', retryable: true });
      expect(error.message).toContain(`127.0.0.1:${bad.port}: `);
      expect(error.message).toMatch(expected);
      expect(error.message.includes(HINT)).toBe(hints);
    });
  });

  test('nobody listening', async () => {
    const { port, release } = await holdClosedPort();
    const error = await connectError(sourceOf({ ...server, port }, { egressAddresses: EGRESS }));
    await release();
    expect(error.name).toBe('SftpConnectionError');
    expect(error.message).toMatch(
      new RegExp(`^127.0.0.1:${port}: connection refused after \\d+\\.\\d\\d s while connecting\\.$`),
    );
  });

  test('a name that nobody knows', async () => {
    const error = await connectError(sourceOf({ ...server, host: 'no-such-host.invalid' }));
    expect(error.name).toBe('SftpConnectionError');
    expect(error.message).toMatch(
      /^no-such-host\.invalid:\d+: the name cannot be resolved \((ENOTFOUND|EAI_AGAIN)\)/,
    );
  });

  test.each([
    ['ENOTFOUND', true, 'InvalidTransferRequestError', false],
    ['ENOTFOUND', false, 'SftpConnectionError', true],
    ['EAI_AGAIN', true, 'SftpConnectionError', true],
  ])('%s of a host name, final %p: %s', async (code, isUnknownHostFinal, name, retryable) => {
    const lookup = async () => {
      throw Object.assign(new Error(`getaddrinfo ${code}`), { code });
    };
    const source = sourceOf({ ...server, host: 'sftp.partner.test' }, { lookup, isUnknownHostFinal });
    const error = await connectError(source);
    expect(error).toMatchObject({ name, retryable });
    expect(error.message).toContain('sftp.partner.test');
  });

  test('without known egress addresses the hint says where to find them', async () => {
    await against(
      () => {},
      async (bad) => {
        const error = await connectError(sourceOf(bad, { loginTimeoutMs: 100 }));
        expect(error.message).toContain('the partner must allow the address that we come from.');
      },
    );
  });

  test('a session that is refused after the login', async () => {
    server.faults.maxSessions = 0;
    const error = await connectError(sourceOf(server));
    expect(error.name).toBe('SftpConnectionError');
    expect(error.message).toContain('while opening the SFTP session');
  });
});

test('a user without SFTP is refused for good', async () => {
  const shellOnly = new ssh2.Server({ hostKeys: [generateKeyPair().private] }, (client) => {
    client.on('error', () => {});
    client.on('authentication', (attempt) => attempt.accept());
    client.on('session', (accept) => accept().on('subsystem', (_accept, reject) => reject()));
  });
  await new Promise<void>((resolve) => shellOnly.listen(0, '127.0.0.1', resolve));
  const { port } = shellOnly.address() as AddressInfo;
  try {
    const target = { host: '127.0.0.1', port, hostKeyFingerprint: server.hostKeyFingerprint };
    const offered = await connectError(sourceOf(target));
    const pinned = { ...target, hostKeyFingerprint: (offered as HostKeyMismatchError).offered };
    const error = await connectError(sourceOf(pinned));
    expect(error).toMatchObject({ name: 'SftpRequestRefusedError', retryable: false });
    expect(error.message).toBe(
      `127.0.0.1:${port}: the login succeeds, but the server gives this user no SFTP. ` +
        'The partner must enable its SFTP subsystem for our account.',
    );
  } finally {
    await new Promise<void>((resolve) => shellOnly.close(() => resolve()));
  }
});

describe('a connection that is lost before the handshake', () => {
  test('is tried again, and nobody notices', async () => {
    withoutDelays();
    const before = server.record.connections;
    server.faults.loseBeforeHandshake = (connectionNumber) => connectionNumber <= before + 3;
    const session = await sourceOf(server).connect(never);
    await session.end();
    expect(server.record.connections - before).toBe(4);
    expect(session.connectionsLost).toBe(3);
  });

  test('is tried a bounded number of times', async () => {
    withoutDelays();
    const before = server.record.connections;
    server.faults.loseBeforeHandshake = () => true;
    await expect(connectError(sourceOf(server))).resolves.toMatchObject({ name: 'SftpConnectionError' });
    expect(server.record.connections - before).toBe(LOST_BEFORE_HANDSHAKE_MAX_ATTEMPTS);
  });

  test('is tried less often where the settings say so', async () => {
    withoutDelays();
    const before = server.record.connections;
    server.faults.loseBeforeHandshake = () => true;
    const source = sourceOf(server, { lostBeforeHandshakeMaxAttempts: 3 });
    await expect(connectError(source)).resolves.toMatchObject({ name: 'SftpConnectionError' });
    expect(server.record.connections - before).toBe(3);
  });

  test('is not confused with a time-out, which is not tried again', async () => {
    let connections = 0;
    await against(
      () => {
        connections += 1;
      },
      async (silent) => {
        await connectError(sourceOf(silent, { loginTimeoutMs: 100 }));
      },
    );
    expect(connections).toBe(1);
  });
});

describe('the signal', () => {
  let proxy: TcpProxy;
  beforeEach(async () => {
    proxy = await startTcpProxy({ targetPort: server.port, delayMs: 200 });
  });
  afterEach(() => proxy.close());

  test.each([0, 50, 300, 700])(
    'ends a connect after %i ms with its reason, and leaves nothing open',
    async (afterMs) => {
      const controller = new AbortController();
      const reason = new Error('enough');
      setTimeout(() => controller.abort(reason), afterMs);
      const startedMs = performance.now();
      await expect(sourceOf({ ...server, port: proxy.port }).connect(controller.signal)).rejects.toBe(reason);
      expect(performance.now() - startedMs).toBeLessThan(afterMs + 1_000);
      while (server.record.openConnections > 0) await new Promise((resolve) => setTimeout(resolve, 10));
    },
  );
});
