import type { Socket } from 'node:net';

/**
 * Knows when the last byte came over one connection, and is the only one who does: keepalive, the watchdog of a read
 * and the limit of a request all ask it before they call the line dead. An answer that is late is no proof, since on a
 * slow line it queues behind the bytes of other answers.
 */
export class LineMonitor {
  readonly #nowMs: () => number;
  readonly #onBytes = (): void => {
    this.#lastByteAtMs = this.#nowMs();
  };
  readonly #socket: Pick<Socket, 'on' | 'off'>;
  #lastByteAtMs: number;

  /**
   * @param socket one that flows already, or is about to: to listen to its bytes lets it flow
   * @param nowMs a clock that does not jump
   */
  constructor(socket: Pick<Socket, 'on' | 'off'>, nowMs: () => number = () => performance.now()) {
    this.#nowMs = nowMs;
    this.#lastByteAtMs = nowMs();
    this.#socket = socket;
    socket.on('data', this.#onBytes);
  }

  /** Milliseconds since the last byte, or since the monitor was made. */
  silentMs(): number {
    return this.#nowMs() - this.#lastByteAtMs;
  }

  stop(): void {
    this.#socket.off('data', this.#onBytes);
  }
}
