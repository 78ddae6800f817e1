import { setTimeout as delay } from 'node:timers/promises';
import type { ServerHostKeyAlgorithm } from 'ssh2';
import { offeredAlgorithms } from './connect/algorithms.ts';
import { attemptConnection } from './connect/attempt-connection.ts';
import type { ConnectListener, FailedAttempt } from './connect/connect-event.ts';
import { explainFailure, isLostBeforeHandshake } from './connect/connect-failure.ts';
import { prepareCredentials } from './connect/credentials.ts';
import { parsePins } from './connect/host-key.ts';
import { LearnedLimits } from './learned-limits.ts';
import type { SftpServer } from './ports.ts';
import {
  LOST_BEFORE_HANDSHAKE_BASE_DELAY_MS,
  LOST_BEFORE_HANDSHAKE_MAX_ATTEMPTS,
  LOST_BEFORE_HANDSHAKE_MAX_DELAY_MS,
  type SftpServerSettings,
} from './settings.ts';
import { Ssh2SftpSession } from './sftp-session.ts';

/** Connects to one partner's server with ssh2. Each connection belongs to its caller; nothing is shared. */
export class Ssh2SftpServer implements SftpServer {
  readonly url: string;
  readonly #server: string;
  readonly #settings: SftpServerSettings;

  constructor(settings: SftpServerSettings) {
    this.#settings = { ...settings, learned: settings.learned ?? new LearnedLimits() };
    const host = settings.host.includes(':') ? `[${settings.host}]` : settings.host;
    this.#server = `${host}:${settings.port}`;
    this.url = `sftp://${this.#server}`;
  }

  /**
   * @throws HostKeyMismatchError | SftpAuthenticationError | SftpConnectionError as the port says;
   *   SftpRequestRefusedError when the server gives the user no SFTP; InvalidTransferRequestError when nothing is pinned,
   *   no algorithm is shared (the error shows the offer), or the host is unknown and the settings call that final
   * @param onEvent is called with how far every attempt came
   */
  async connect(signal: AbortSignal, onEvent: ConnectListener = () => {}): Promise<Ssh2SftpSession> {
    const settings = this.#settings;
    const pins = parsePins(settings.hostKeyFingerprints);
    let hostKeyAlgorithms = offeredAlgorithms(settings.legacyAlgorithms ?? []).serverHostKey;
    signal.throwIfAborted();
    const given = await settings.credentials(undefined, signal);
    const credentials = prepareCredentials(given);

    let lost = 0;
    let firstMismatch: FailedAttempt | undefined;
    for (;;) {
      const request = { server: this.#server, settings, credentials, pins, hostKeyAlgorithms, onEvent };
      const attempt = await attemptConnection(request, signal);
      if ('connection' in attempt)
        return new Ssh2SftpSession(attempt.connection, this.url, settings, given.secretVersionId, lost);
      const { failure } = attempt;
      onEvent({ kind: 'attempt-failed', failure });

      // A server proves itself with one of its keys, by our preference; the pinned one may be of another kind.
      if (failure.offeredKeyType !== undefined) {
        firstMismatch ??= failure;
        hostKeyAlgorithms = otherHostKeyAlgorithms(failure, hostKeyAlgorithms);
        if (hostKeyAlgorithms.length === 0) throw explainFailure(firstMismatch);
        continue;
      }
      if (!isLostBeforeHandshake(failure)) throw explainFailure(failure);
      lost += 1;
      if (lost >= (settings.lostBeforeHandshakeMaxAttempts ?? LOST_BEFORE_HANDSHAKE_MAX_ATTEMPTS))
        throw explainFailure(failure);
      await sleep(retryDelayMs(lost), signal);
    }
  }

  withSecretVersion(id: string): Ssh2SftpServer {
    const { credentials } = this.#settings;
    return new Ssh2SftpServer({
      ...this.#settings,
      credentials: (_current, signal) => credentials(id, signal),
    });
  }

  async withPreviousSecret(signal: AbortSignal): Promise<Ssh2SftpServer | undefined> {
    signal.throwIfAborted();
    const previous = await this.#settings.previousCredentials?.(signal);
    return previous && new Ssh2SftpServer({ ...this.#settings, credentials: async () => previous });
  }
}

/** Kinds of host key that the server has besides those that were refused. */
function otherHostKeyAlgorithms(
  { offeredKeyType, hello }: FailedAttempt,
  asked: ServerHostKeyAlgorithm[],
): ServerHostKeyAlgorithm[] {
  const offered = hello.offer?.serverHostKey ?? [];
  const isSameKey = (name: string) =>
    offeredKeyType === 'ssh-rsa' ? name === 'ssh-rsa' || name.startsWith('rsa-') : name === offeredKeyType;
  return asked.filter((name) => offered.includes(name) && !isSameKey(name));
}

/** Full jitter: many that were dropped together must not come back together. */
function retryDelayMs(failures: number): number {
  const ceilingMs = LOST_BEFORE_HANDSHAKE_BASE_DELAY_MS * 2 ** (failures - 1);
  return Math.random() * Math.min(LOST_BEFORE_HANDSHAKE_MAX_DELAY_MS, ceilingMs);
}

/** @throws the signal's reason */
async function sleep(ms: number, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  if (ms === 0) return;
  await delay(ms, undefined, { signal }).catch(() => signal.throwIfAborted());
}
