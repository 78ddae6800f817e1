import { SessionKeeper } from '../../lambdas/shared/session-keeper.ts';
import type { SftpServer, SftpSession } from '../../sftp/ports.ts';
import { systemClock } from '../../transfer/clock.ts';
import type { Telemetry } from '../../transfer/telemetry.ts';

/** Makes the sessions of one run, and counts their logins. */
export class RunSessions {
  readonly #server: SftpServer;
  readonly #telemetry: Telemetry;
  readonly #keepers: SessionKeeper[] = [];

  constructor(server: SftpServer, telemetry: Telemetry) {
    this.#server = server;
    this.#telemetry = telemetry;
  }

  get serverUrl(): string {
    return this.#server.url;
  }

  /** Logins so far, those of large files aside. */
  get logins(): number {
    return this.#keepers.reduce((sum, keeper) => sum + keeper.logins, 0);
  }

  /** Its owner calls `end`. */
  keep(signal: AbortSignal): SessionKeeper {
    const keeper = new SessionKeeper(
      { server: this.#server, telemetry: this.#telemetry, clock: systemClock, random: Math.random },
      signal,
    );
    this.#keepers.push(keeper);
    return keeper;
  }

  async use<T>(signal: AbortSignal, work: (session: SftpSession) => Promise<T>): Promise<T> {
    const keeper = this.keep(signal);
    try {
      return await work(await keeper.session());
    } finally {
      await keeper.end();
    }
  }
}
