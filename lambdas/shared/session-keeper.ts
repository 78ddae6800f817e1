import type { SftpSession } from '../../sftp/ports.ts';
import { isSftpTrouble } from '../../transfer/errors.ts';
import { openSession, type SessionPorts } from './partner-session.ts';

/** Reconnects with nothing gained in between; then the workflow's Retry takes over, with longer pauses. */
export const MAX_FRUITLESS_RECONNECTS = 3;
/** The n-th fruitless reconnect waits a random time up to n of these. */
const RECONNECT_DELAY_MS = 1_000;
/** A worker logs in so often at once, and from then on once in every LOGIN_INTERVAL_MS: partners ban for storms. */
export const LOGINS_AT_ONCE = 3;
export const LOGIN_INTERVAL_MS = 30_000;

export interface KeeperPorts extends SessionPorts {
  /** Uniform in [0, 1). */
  random: () => number;
}

/**
 * Keeps one worker logged in at the partner's server: one session at a time, made anew when it is lost. The work may
 * have several users of the session at a time; the first who notices that it is lost makes the next one for all.
 */
export class SessionKeeper {
  readonly #ports: KeeperPorts;
  readonly #signal: AbortSignal;
  readonly #startedMs: number;
  #session: Promise<SftpSession> | undefined;
  /** Those that were let go, until the server has confirmed it. */
  #ending: Promise<unknown> = Promise.resolve();
  #connects = 0;
  #handedOn = 0;
  #isProved = false;
  #fruitlessReconnects = 0;

  constructor(ports: KeeperPorts, signal: AbortSignal) {
    this.#ports = ports;
    this.#signal = signal;
    this.#startedMs = ports.clock.nowMs();
  }

  /** Logins so far, failed ones included. */
  get logins(): number {
    return this.#connects - this.#handedOn;
  }

  /** Sessions after the first, those that could not be made included. */
  get reconnects(): number {
    return Math.max(0, this.#connects - 1);
  }

  /** Whether work can go on now: a session is there, or a further login is allowed without a pause. */
  get isReady(): boolean {
    return this.#session !== undefined || this.#untilNextLoginMs() <= 0;
  }

  /**
   * The session. The first connection is tried once here: it has had its quick tries, and the workflow's Retry has
   * longer pauses.
   * @throws what SftpServer.connect throws
   */
  session(): Promise<SftpSession> {
    if (this.#session === undefined) {
      this.#session = this.#connect();
      // Whoever awaits it gets the error; it may be asked for before anybody does.
      this.#session.catch(() => {});
    }
    return this.#session;
  }

  /** The work can be done over this server: a session that is lost from now on is worth a reconnect. */
  proved(): void {
    this.#isProved = true;
  }

  /** The session has brought something, so the count of fruitless reconnects starts anew. */
  gained(): void {
    this.#fruitlessReconnects = 0;
  }

  /**
   * `lost` failed with `cause`: makes another session for all who use it, after a pause.
   * @throws `cause` when it does not say that a connection was lost, or reconnecting gains nothing any more; what
   *   SftpServer.connect throws otherwise
   */
  async replace(lost: SftpSession, cause: unknown): Promise<void> {
    if (this.#session !== undefined && (await this.#session.catch(() => undefined)) === lost) {
      this.#session = this.#reconnect(lost, cause);
      this.#session.catch(() => {});
    }
    await this.session();
  }

  /**
   * Lets go of the session on which all has gone well so far; `end` waits for that. A further one can be made.
   */
  release(): void {
    this.#letGo((session) => session.release());
  }

  /** Resolves when no connection is held any more: a frozen Lambda must not hold one. Never throws. */
  async end(): Promise<void> {
    this.#letGo((session) => session.end());
    await this.#ending;
  }

  #letGo(how: (session: SftpSession) => Promise<void>): void {
    const gone = this.#session?.then(how, () => {});
    this.#session = undefined;
    this.#ending = Promise.all([this.#ending, gone]);
  }

  async #reconnect(lost: SftpSession, cause: unknown): Promise<SftpSession> {
    const { clock, random, telemetry } = this.#ports;
    await lost.end();
    let error = cause;
    for (;;) {
      this.#signal.throwIfAborted();
      if (!isSftpTrouble(error) || !this.#isProved || this.#fruitlessReconnects === MAX_FRUITLESS_RECONNECTS)
        throw error;
      this.#fruitlessReconnects += 1;
      telemetry.metric('Retries', 1);
      telemetry.warn('connection lost, connecting again', {
        error_name: error.name,
        error_message: error.message,
        logins: this.logins,
      });
      const pauseMs = random() * this.#fruitlessReconnects * RECONNECT_DELAY_MS;
      await clock.sleep(Math.max(pauseMs, this.#untilNextLoginMs()), this.#signal);
      try {
        return await this.#connect();
      } catch (failure) {
        error = failure;
      }
    }
  }

  /** Keeps the logins at most at LOGINS_AT_ONCE and one for every LOGIN_INTERVAL_MS that has passed. */
  #untilNextLoginMs(): number {
    const nextAtMs = this.#startedMs + (this.logins + 1 - LOGINS_AT_ONCE) * LOGIN_INTERVAL_MS;
    return nextAtMs - this.#ports.clock.nowMs();
  }

  async #connect(): Promise<SftpSession> {
    this.#connects += 1;
    const session = await openSession(this.#ports, this.#signal);
    if (session.isHandedOn) this.#handedOn += 1;
    return session;
  }
}
