/** Calls `onIdle` once when it was not fed for `timeoutMs` while armed. Feeding costs no allocation. */
export class IdleWatchdog {
  readonly #timeoutMs: number;
  readonly #onIdle: () => void;
  #timer: NodeJS.Timeout | undefined;

  constructor(timeoutMs: number, onIdle: () => void) {
    this.#timeoutMs = timeoutMs;
    this.#onIdle = onIdle;
  }

  /** Something arrived, or is now awaited: the idle time starts anew. */
  feed(): void {
    if (this.#timer === undefined) {
      this.#timer = setTimeout(() => {
        this.#timer = undefined;
        this.#onIdle();
      }, this.#timeoutMs);
    } else {
      this.#timer.refresh();
    }
  }

  /** Nothing is awaited: silence is no fault. */
  disarm(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }
}
