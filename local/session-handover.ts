import type { SftpServer, SftpSession } from '../sftp/ports.ts';

/** A step follows the one before within moments. Nobody keeps a partner's session longer for nothing. */
const MAX_WAITING_MS = 5_000;

interface Waiting {
  session: SftpSession;
  timer: NodeJS.Timeout;
}

/**
 * Hands sessions on from step to step of one transfer: what one lets go of the next gets, without the nine round trips of
 * a login, and with a window of TCP that has grown. On AWS every step is a function of its own, and logs in.
 *
 * There are never more sessions than steps at a time: each that waits was let go of by one of them, and the next step
 * takes it before it makes another.
 */
export class SessionHandover {
  /** The same server, for the steps. */
  readonly server: SftpServer;
  readonly #ending = new Set<Promise<void>>();
  readonly #waiting: Waiting[] = [];
  #isOver = false;

  constructor(server: SftpServer) {
    this.server = {
      url: server.url,
      connect: async (signal) => {
        signal.throwIfAborted();
        const waiting = this.#take();
        return waiting === undefined
          ? this.#lend(await server.connect(signal), false)
          : this.#lend(waiting, true);
      },
      // Logged in with other credentials: such a session is nobody else's.
      withSecretVersion: (id) => server.withSecretVersion(id),
      withPreviousSecret: (signal) => server.withPreviousSecret(signal),
    };
  }

  /** Ends the sessions that wait, and every one that is let go of from now on. Never throws. */
  async end(): Promise<void> {
    this.#isOver = true;
    for (const { session, timer } of this.#waiting.splice(0)) {
      clearTimeout(timer);
      this.#end(session);
    }
    await Promise.all(this.#ending);
  }

  #lend(session: SftpSession, isHandedOn: boolean): SftpSession {
    let isReleased = false;
    return {
      ...(session.secretVersionId !== undefined && { secretVersionId: session.secretVersionId }),
      ...(isHandedOn && { isHandedOn }),
      connectionsLost: isHandedOn ? 0 : session.connectionsLost,
      folders: session.folders,
      get isOpen() {
        return session.isOpen;
      },
      maxReadBytes: (signal) => session.maxReadBytes(signal),
      realpath: (path, signal) => session.realpath(path, signal),
      stat: (path, signal) => session.stat(path, signal),
      hasByteAt: (path, position, signal) => session.hasByteAt(path, position, signal),
      open: (path, request, signal) => session.open(path, request, signal),
      release: async () => {
        if (isReleased) return;
        isReleased = true;
        this.#keep(session);
      },
      end: async () => {
        if (isReleased) return;
        isReleased = true;
        await session.end();
      },
    };
  }

  #keep(session: SftpSession): void {
    if (this.#isOver || !session.isOpen) {
      this.#end(session);
      return;
    }
    const waiting: Waiting = { session, timer: setTimeout(() => this.#endWaiting(waiting), MAX_WAITING_MS) };
    this.#waiting.push(waiting);
  }

  /** The one that was let go of last; those that were lost while nobody looked are passed over. */
  #take(): SftpSession | undefined {
    for (;;) {
      const waiting = this.#waiting.pop();
      clearTimeout(waiting?.timer);
      if (waiting === undefined || waiting.session.isOpen) return waiting?.session;
      this.#end(waiting.session);
    }
  }

  #endWaiting(waiting: Waiting): void {
    this.#waiting.splice(this.#waiting.indexOf(waiting), 1);
    this.#end(waiting.session);
  }

  #end(session: SftpSession): void {
    const ended = session.end().finally(() => this.#ending.delete(ended));
    this.#ending.add(ended);
  }
}
