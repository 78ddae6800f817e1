import type { Socket } from 'node:net';

/** The answer to a ping is a packet of one byte (RFC 4254, section 4): padded and with the longest MAC it is far below this. */
const MAX_PING_ANSWER_BYTES = 128;

/**
 * Knows when the last byte came over one connection, and is the only one who does: keepalive, the watchdog of a read
 * and the limit of a request all ask it before they call the line dead. A late answer does not prove it, since on a
 * slow line it queues behind the bytes of other answers.
 */
export class LineMonitor {
  readonly #nowMs: () => number;
  readonly #onBytes = (bytes: Buffer): void => {
    const isPingAnswer = this.#isPingAnswered && bytes.length <= MAX_PING_ANSWER_BYTES;
    this.#isPingAnswered = false;
    if (!isPingAnswer) this.#lastByteAtMs = this.#nowMs();
  };
  readonly #socket: Pick<Socket, 'on' | 'off'>;
  #lastByteAtMs: number;
  #isPingAnswered = false;

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

  /**
   * The bytes that come now hold the answer to a ping. If they hold nothing else they do not prove life: the line was
   * free for the answers that are awaited, and the server did not send them.
   */
  pingAnswered(): void {
    this.#isPingAnswered = true;
  }

  stop(): void {
    this.#socket.off('data', this.#onBytes);
  }
}
