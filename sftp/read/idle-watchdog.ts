/**
 * Calls back when nothing has come for too long while something is awaited. Whether bytes come is asked of the line: an
 * answer that is late while bytes flow is on its way.
 */
export class IdleWatchdog {
  readonly #timeoutMs: number;
  readonly #onIdle: () => void;
  readonly #silentMs: () => number;
  #fedAtMs = 0;
  #timer: NodeJS.Timeout | undefined;

  /** @param silentMs how long the line has brought no byte. @default as long as there was no answer */
  constructor(
    timeoutMs: number,
    onIdle: () => void,
    silentMs: () => number = () => Number.POSITIVE_INFINITY,
  ) {
    this.#timeoutMs = timeoutMs;
    this.#onIdle = onIdle;
    this.#silentMs = silentMs;
  }

  /** An answer arrived, or is now awaited: the idle time starts anew. */
  feed(): void {
    this.#fedAtMs = performance.now();
    if (this.#timer === undefined) this.#start(this.#timeoutMs);
    else this.#timer.refresh();
  }

  /** Nothing is awaited: silence is not a fault. */
  disarm(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #start(delayMs: number): void {
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      const restMs = this.#timeoutMs - this.#silentMs();
      const isAnswerOverdue = performance.now() - this.#fedAtMs >= this.#timeoutMs * ANSWER_TIMES;
      if (restMs > 0 && !isAnswerOverdue) this.#start(restMs);
      else this.#onIdle();
    }, delayMs);
  }
}

/** A server that sends bytes but no answer for so many idle times has lost the request. */
const ANSWER_TIMES = 10;
