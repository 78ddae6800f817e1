import type { Socket } from 'node:net';
import type { AuthContext, Connection, Session } from 'ssh2';
import { useKeyObjects } from '../../sftp/ssh2-internals/cipher-keys.ts';
import type { SftpServerHooks } from './hooks.ts';
import type { RootedFilesystem } from './rooted-filesystem.ts';
import { serveSftp } from './sftp-requests.ts';

export interface ConnectionContext {
  connectionNumber: number;
  socket: Socket;
  filesystem: RootedFilesystem;
  allowNameChanges: boolean;
  checkLogin: (attempt: AuthContext) => void;
  hooks: SftpServerHooks;
}

/**
 * Serves one SSH connection: login, then any number of SFTP sessions (shells, commands and forwarding are refused).
 * Resolves when the connection is closed and the files of its sessions are too; never rejects.
 */
export async function serveConnection(connection: Connection, context: ConnectionContext): Promise<void> {
  const { connectionNumber, hooks } = context;
  const releases = new Set<() => Promise<void>>();
  let openSessions = 0;
  const onSessionClosed = () => {
    openSessions -= 1;
    hooks.onEvent?.({ kind: 'session-closed', connectionNumber });
  };

  // A client that breaks off does not concern the server; the socket's end is seen by `close`.
  connection.on('error', () => {});
  connection.on('handshake', () => useKeyObjects(connection));
  connection.on('authentication', (attempt) => {
    hooks.onEvent?.({
      kind: 'login-attempted',
      connectionNumber,
      method: attempt.method,
      username: attempt.username,
      credentialBytes: credentialBytesOf(attempt),
    });
    if (hooks.authenticate) hooks.authenticate(attempt, connectionNumber);
    else context.checkLogin(attempt);
  });
  connection.on('session', (accept, reject) => {
    if (hooks.acceptSession?.(connectionNumber, openSessions) === false) {
      hooks.onEvent?.({ kind: 'session-refused', connectionNumber });
      return reject();
    }
    openSessions += 1;
    hooks.onEvent?.({ kind: 'session-opened', connectionNumber });
    serveSession(accept(), context, releases).once('close', onSessionClosed);
  });

  await new Promise<void>((resolve) => connection.once('close', () => resolve()));
  // ssh2 reports a session's end only when the client closed it, not when the connection broke.
  while (openSessions > 0) onSessionClosed();
  await Promise.all([...releases].map((release) => release()));
}

function serveSession(
  session: Session,
  context: ConnectionContext,
  releases: Set<() => Promise<void>>,
): Session {
  session.on('sftp', (accept) => {
    const sftp = accept();
    const closeHandles = serveSftp(sftp, context.filesystem, context);
    let released: Promise<void> | undefined;
    const release = () => {
      released ??= closeHandles().then(() => void releases.delete(release));
      return released;
    };
    releases.add(release);
    sftp.on('error', () => {});
    sftp.once('close', () => void release());
    sftp.once('end', () => sftp.end());
  });
  return session;
}

function credentialBytesOf(attempt: AuthContext): number {
  if (attempt.method === 'password') return Buffer.byteLength(attempt.password);
  if (attempt.method === 'publickey') return attempt.signature?.length ?? 0;
  return 0;
}
