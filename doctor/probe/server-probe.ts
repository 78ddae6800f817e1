import { lookup } from 'node:dns/promises';
import { offeredAlgorithms } from '../../sftp/connect/algorithms.ts';
import { prepareCredentials } from '../../sftp/connect/credentials.ts';
import { fingerprintOf, keyTypeOf, parsePins, UNMATCHABLE_PIN } from '../../sftp/connect/host-key.ts';
import type { SftpServerSettings } from '../../sftp/settings.ts';
import { Ssh2SftpServer } from '../../sftp/sftp-server.ts';
import { HostKeyMismatchError } from '../../transfer/errors.ts';
import type { ConnectionEvent, PreparedProbe, ProbeSession, ServerProbe } from '../ports.ts';
import { toConnectionEvent } from './probe-events.ts';
import { Ssh2ProbeSession } from './probe-session.ts';

/** Shorter than a transfer's: a check has to end while somebody waits, and a silence of this length is a finding. */
const PROBE_IDLE_TIMEOUT_MS = 15_000;

/** What DNS says when the name itself is the trouble. */
const UNKNOWN_HOST_CODES = ['ENOTFOUND', 'ENODATA'];

/** Probes a partner's server through the code that transfers use. */
export class Ssh2ServerProbe implements ServerProbe {
  readonly host: string;
  readonly port: number;
  readonly #settings: SftpServerSettings;
  readonly #server: Ssh2SftpServer;
  readonly #hasCredentials: boolean;

  /**
   * @param settings without a pinned key, `connect` ends at the offered one; its error then shows none as pinned
   * @param hasCredentials false where those of the settings are made up, as `connect` ends before they are needed
   */
  constructor(settings: SftpServerSettings, hasCredentials = true) {
    this.host = settings.host;
    this.port = settings.port;
    this.#settings = settings;
    this.#hasCredentials = hasCredentials;
    const { hostKeyFingerprints: pins } = settings;
    this.#server = new Ssh2SftpServer({
      ...settings,
      hostKeyFingerprints: pins.length === 0 ? [UNMATCHABLE_PIN] : pins,
      idleTimeoutMs: PROBE_IDLE_TIMEOUT_MS,
    });
  }

  async prepare(signal: AbortSignal): Promise<PreparedProbe> {
    const { hostKeyFingerprints, legacyAlgorithms = [], credentials } = this.#settings;
    const pinned = hostKeyFingerprints.length === 0 ? [] : parsePins(hostKeyFingerprints);
    offeredAlgorithms(legacyAlgorithms);
    if (!this.#hasCredentials) return { pinned, credentials: [] };
    const { password, privateKey } = prepareCredentials(await credentials(undefined, signal));
    return {
      pinned,
      credentials: [
        ...(privateKey === undefined ? [] : ['private key']),
        ...(password === undefined ? [] : ['password']),
      ],
      ...(privateKey !== undefined && { publicKey: describeKey(privateKey.getPublicSSH()) }),
    };
  }

  async resolveHost() {
    try {
      const found = await lookup(this.host, { all: true });
      return { addresses: found.map(({ address }) => address) };
    } catch (error) {
      const { code = '', message } = error as NodeJS.ErrnoException;
      return {
        failure: UNKNOWN_HOST_CODES.includes(code) ? ('unknown' as const) : ('unanswered' as const),
        message,
      };
    }
  }

  async connect(
    signal: AbortSignal,
    onEvent: (event: ConnectionEvent) => void = () => {},
  ): Promise<ProbeSession> {
    const { legacyAlgorithms = [] } = this.#settings;
    try {
      const session = await this.#server.connect(signal, (event) =>
        onEvent(toConnectionEvent(event, legacyAlgorithms)),
      );
      return new Ssh2ProbeSession(session, this.#server.url, PROBE_IDLE_TIMEOUT_MS);
    } catch (error) {
      const isUnpinned =
        error instanceof HostKeyMismatchError && this.#settings.hostKeyFingerprints.length === 0;
      throw isUnpinned ? new HostKeyMismatchError(`${this.host}:${this.port}`, error.offered, []) : error;
    }
  }
}

function describeKey(publicKey: Buffer): string {
  return `${fingerprintOf(publicKey)} (${keyTypeOf(publicKey)})`;
}
