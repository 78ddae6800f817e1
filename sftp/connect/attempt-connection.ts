import type { Socket } from 'node:net';
import type { Client, ServerHostKeyAlgorithm, SFTPWrapper } from 'ssh2';
import SftpClient from 'ssh2-sftp-client';
import { SftpAuthenticationError } from '../../transfer/errors.ts';
import { LineMonitor } from '../line-monitor.ts';
import {
  DEFAULT_CONNECT_TIMEOUT_MS,
  DEFAULT_KEEPALIVE_INTERVAL_MS,
  DEFAULT_LOGIN_TIMEOUT_MS,
  KEEPALIVE_MAX_UNANSWERED,
  type SftpServerSettings,
} from '../settings.ts';
import { useKeyObjects } from '../ssh2-internals/cipher-keys.ts';
import { feedKeepaliveWith } from '../ssh2-internals/keepalive.ts';
import { logInAtOnce } from '../ssh2-internals/log-in-at-once.ts';
import { listenForServerSignatures } from '../ssh2-internals/server-signatures.ts';
import { signAtOnce } from '../ssh2-internals/sign-at-once.ts';
import { startSftpAtOnce } from '../ssh2-internals/start-sftp-at-once.ts';
import { offeredAlgorithms } from './algorithms.ts';
import type { ConnectListener, ConnectPhase, FailedAttempt } from './connect-event.ts';
import type { UsableCredentials } from './credentials.ts';
import { type AddressAttempt, dial } from './dial.ts';
import { fingerprintOf, keyTypeOf } from './host-key.ts';
import { Login } from './login.ts';
import { ServerHello } from './server-hello.ts';

/** An authenticated connection with its first SFTP channel. */
export interface SftpConnection {
  wrapper: SftpClient;
  client: Client;
  sftp: SFTPWrapper;
  socket: Socket;
  /** Knows when the last byte came. */
  monitor: LineMonitor;
}

export interface ConnectRequest {
  /** host:port, for messages. */
  server: string;
  settings: SftpServerSettings;
  credentials: UsableCredentials;
  /** As parsePins returns them. */
  pins: readonly string[];
  /** Kinds of host key to ask for. */
  hostKeyAlgorithms: ServerHostKeyAlgorithm[];
  /** Called with how far the attempt came; its failure is returned, not reported here. @default nobody */
  onEvent?: ConnectListener;
}

/**
 * Connects and logs in, once. Nothing of the credentials is sent before the host key was found among the pins.
 * @returns the connection, or what is known about the failure; then the socket is gone
 * @throws the signal's reason; SftpAuthenticationError when the server asks what the credentials cannot answer
 */
export async function attemptConnection(
  { server, settings, credentials, pins, hostKeyAlgorithms, onEvent = () => {} }: ConnectRequest,
  signal: AbortSignal,
): Promise<{ connection: SftpConnection } | { failure: FailedAttempt }> {
  signal.throwIfAborted();
  const startedMs = performance.now();
  onEvent({ kind: 'attempt-started' });
  const known = {
    server,
    pins,
    legacyAlgorithms: settings.legacyAlgorithms ?? [],
    egressAddresses: settings.egressAddresses ?? [],
    isUnknownHostFinal: settings.isUnknownHostFinal ?? false,
  };
  const dialled = await dial(
    {
      host: settings.host,
      port: settings.port,
      timeoutMs: settings.connectTimeoutMs ?? DEFAULT_CONNECT_TIMEOUT_MS,
      lookup: settings.lookup,
      open: settings.openSocket,
    },
    signal,
  );
  if (!('socket' in dialled)) {
    const { attempts, error, timedOut } = dialled;
    const failure: FailedAttempt = {
      ...known,
      phase: wereReset(attempts) ? 'identification' : 'tcp',
      elapsedMs: performance.now() - startedMs,
      hello: new ServerHello(),
      login: new Login(
        credentials,
        () => {},
        () => ({
          serverSignatures: undefined,
          hostKeyAlgorithms: [],
          legacyAlgorithms: known.legacyAlgorithms,
        }),
      ),
      timedOut,
      addresses: attempts,
      cause: error,
    };
    return { failure };
  }
  const { socket, address } = dialled;
  const hello = new ServerHello(
    (identification) => onEvent({ kind: 'server-identified', identification }),
    (offer) => onEvent({ kind: 'algorithms-offered', offer }),
  );
  const offered: Pick<FailedAttempt, 'offeredFingerprint' | 'offeredKeyType'> = {};
  const progress: { phase: ConnectPhase; timedOut: boolean; firstError: Error | undefined } = {
    phase: 'identification',
    timedOut: false,
    firstError: undefined,
  };

  // The callbacks are given because the default ones write to the console.
  const wrapper = new SftpClient('sftp', {});
  const { client } = wrapper as unknown as { client: Client };
  client.on('error', (error) => {
    progress.firstError ??= error;
  });
  let serverSignatures: () => readonly string[] | undefined = () => undefined;
  client.once('handshake', () => {
    progress.phase = 'login';
    serverSignatures = listenForServerSignatures(client);
    // With a password besides, a key that the server does not know must not be a second failed attempt.
    if (credentials.password === undefined) signAtOnce(client);
    logInAtOnce(client, hello.identification);
    startSftpAtOnce(client);
  });
  client.on('handshake', () => useKeyObjects(client));
  client.once('ready', () => {
    progress.phase = 'sftp session';
    onEvent({ kind: 'logged-in', methods: login.tried });
  });

  onEvent({ kind: 'tcp-connected', address });

  const { promise: gaveUp, reject: giveUp } = Promise.withResolvers<never>();
  const onAbort = () => giveUp(signal.reason);
  signal.addEventListener('abort', onAbort, { once: true });
  const timer = setTimeout(() => {
    progress.timedOut = true;
    giveUp(new Error('timed out'));
  }, settings.loginTimeoutMs ?? DEFAULT_LOGIN_TIMEOUT_MS);
  const login = new Login(
    credentials,
    (prompts) => {
      giveUp(
        new SftpAuthenticationError(
          `${server} asks what the credentials do not answer: ${prompts.join(' / ')}`,
        ),
      );
    },
    () => ({
      serverSignatures: serverSignatures(),
      hostKeyAlgorithms: hello.offer?.serverHostKey ?? [],
      legacyAlgorithms: known.legacyAlgorithms,
    }),
  );
  client.once('change password', () => {
    giveUp(new SftpAuthenticationError(`${server} wants a new password: the partner must renew ours`));
  });

  const keepaliveIntervalMs = settings.keepaliveIntervalMs ?? DEFAULT_KEEPALIVE_INTERVAL_MS;
  const readHello = (data: Buffer) => hello.push(data);
  try {
    const connected = wrapper.connect({
      sock: socket,
      username: credentials.username,
      authHandler: (methodsLeft) => login.next(methodsLeft),
      hostVerifier: (key: Buffer) => {
        const fingerprint = fingerprintOf(key);
        const keyType = keyTypeOf(key);
        const isPinned = pins.includes(fingerprint);
        onEvent({ kind: 'host-key-offered', fingerprint, keyType, isPinned });
        if (isPinned) return true;
        offered.offeredFingerprint = fingerprint;
        offered.offeredKeyType = keyType;
        return false;
      },
      algorithms: { ...offeredAlgorithms(known.legacyAlgorithms), serverHostKey: hostKeyAlgorithms },
      readyTimeout: 0, // the timer above covers the SFTP channel too
      keepaliveInterval: keepaliveIntervalMs,
      keepaliveCountMax: KEEPALIVE_MAX_UNANSWERED,
    });
    // ssh2 has paused the socket: this sees every byte, before ssh2 does.
    socket.on('data', readHello);
    const sftp = await Promise.race([connected, gaveUp]);
    // Whatever breaks later is seen by the requests that wait for an answer.
    sftp.on('error', () => {});
    const monitor = new LineMonitor(socket);
    feedKeepaliveWith(monitor, client, socket, keepaliveIntervalMs);
    return { connection: { wrapper, client, sftp, socket, monitor } };
  } catch (error) {
    socket.destroy();
    signal.throwIfAborted();
    if (error instanceof SftpAuthenticationError) throw error;
    const { timedOut, firstError } = progress;
    const phase = reachedPhase(progress.phase, hello);
    const failure: FailedAttempt = {
      ...known,
      phase,
      elapsedMs: performance.now() - startedMs,
      hello,
      login,
      timedOut,
      addresses: [],
      cause: firstError ?? (phase === 'sftp session' ? (error as Error) : undefined),
      ...offered,
    };
    return { failure };
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', onAbort);
    socket.off('data', readHello);
  }
}

function reachedPhase(phase: ConnectPhase, hello: ServerHello): ConnectPhase {
  return phase === 'identification' && hello.identification !== undefined ? 'key exchange' : phase;
}

/** A reset right after the server's SYN-ACK comes before Node has reported the connection. */
function wereReset(attempts: readonly AddressAttempt[]): boolean {
  const codes = attempts.map(({ error }) => (error as NodeJS.ErrnoException | undefined)?.code);
  return codes.length > 0 && codes.every((code) => code === 'ECONNRESET');
}
