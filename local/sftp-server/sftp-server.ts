import { type AddressInfo, createServer, type Socket } from 'node:net';
import ssh2, { type Algorithms } from 'ssh2';
import { serveConnection } from './connection.ts';
import type { SftpServerHooks } from './hooks.ts';
import { fingerprintOf, generateKeyPair } from './host-key.ts';
import { createLoginCheck, type LoginPolicy } from './login.ts';
import { RootedFilesystem } from './rooted-filesystem.ts';

const LOOPBACK = '127.0.0.1';

export interface SftpServerOptions extends LoginPolicy {
  /** The folder to serve; clients see it as `/`. */
  rootDirectory: string;
  /** Lets clients rename and remove files and make folders; nothing can be written in any case. @default false */
  allowNameChanges?: boolean;
  /** @default 0, a free port */
  port?: number;
  /** Private key (PEM or OpenSSH). @default a new ed25519 key */
  hostKey?: string;
  hooks?: SftpServerHooks;
}

export interface EmbeddedSftpServer {
  host: string;
  port: number;
  /** `SHA256:<base64>`, as ssh-keygen prints it. */
  hostKeyFingerprint: string;
  /** Ends every connection, then resolves when all files are closed. Safe to call twice. */
  close(): Promise<void>;
}

/**
 * Starts an SFTP server that serves files for reading on the loopback interface: the partner of local mode and of the tests.
 * @throws TypeError when nobody could log in or a key cannot be parsed; the system's error when it cannot listen
 */
export async function startSftpServer(options: SftpServerOptions): Promise<EmbeddedSftpServer> {
  const hooks = options.hooks ?? {};
  const filesystem = await RootedFilesystem.open(options.rootDirectory);
  const checkLogin = createLoginCheck(options);
  const hostKey = options.hostKey ?? generateKeyPair().private;
  const sockets = new Map<string, { socket: Socket; connectionNumber: number }>();
  const connections = new Set<Promise<void>>();
  let lastConnectionNumber = 0;

  const createSshServer = (key: string): ssh2.Server =>
    new ssh2.Server(sshConfig(key, hooks.algorithms), (connection, client) => {
      const accepted = sockets.get(endpoint(client.ip, client.port));
      if (accepted === undefined) return connection.end();
      const served = serveConnection(connection, {
        ...accepted,
        filesystem,
        checkLogin,
        hooks,
        allowNameChanges: options.allowNameChanges ?? false,
      });
      connections.add(served);
      void served.then(() => connections.delete(served));
    });
  const ownSshServer = createSshServer(hostKey);

  // The sockets are accepted here, not by ssh2: it keeps them to itself, and `close` has to end them.
  const listener = createServer({ noDelay: true }, (socket) => {
    lastConnectionNumber += 1;
    const connectionNumber = lastConnectionNumber;
    const client = endpoint(socket.remoteAddress, socket.remotePort);
    sockets.set(client, { socket, connectionNumber });
    socket.once('close', () => {
      sockets.delete(client);
      hooks.onEvent?.({ kind: 'connection-closed', connectionNumber });
    });
    socket.on('error', () => socket.destroy());
    hooks.onEvent?.({ kind: 'connection-opened', connectionNumber });
    hooks.onSocket?.(socket, connectionNumber);
    if (socket.destroyed) return;
    const otherKey = hooks.hostKeyFor?.(connectionNumber);
    (otherKey === undefined ? ownSshServer : createSshServer(otherKey)).injectSocket(socket);
  });

  await new Promise<void>((resolve, reject) => {
    listener.once('error', reject);
    listener.listen(options.port ?? 0, LOOPBACK, resolve);
  });

  return {
    host: LOOPBACK,
    port: (listener.address() as AddressInfo).port,
    hostKeyFingerprint: fingerprintOf(hostKey),
    async close() {
      const closed = new Promise<void>((resolve) => listener.close(() => resolve()));
      for (const { socket } of sockets.values()) socket.destroy();
      await closed;
      await Promise.all(connections);
    },
  };
}

/** What distinguishes accepted sockets while they are open. */
function endpoint(address: string | undefined, port: number | undefined): string {
  return `${address} ${port}`;
}

function sshConfig(hostKey: string, algorithms: Algorithms | undefined): ssh2.ServerConfig {
  return { hostKeys: [hostKey], ...(algorithms && { algorithms }) };
}
