import type { Clock } from '../../transfer/clock.ts';

/** A piece of work may take so much longer than the slowest so far. */
const SAFETY_FACTOR = 1.5;
/** Kept besides, for the answers that are still awaited. */
const RESERVE_MS = 5_000;

/** Whether a worker should begin a further piece of work, judged by how long those before took. */
export class TimeLeft {
  readonly #clock: Pick<Clock, 'nowMs'>;
  readonly #deadlineMs: number;
  #slowestMsPerByte: number | undefined;

  /** @param deadlineMs when the worker must have ended, as the clock counts; Infinity when it never must */
  constructor(clock: Pick<Clock, 'nowMs'>, deadlineMs: number) {
    this.#clock = clock;
    this.#deadlineMs = deadlineMs;
  }

  /** The first piece is always begun: what cannot be done in a worker's whole time is for the caller to say. */
  allows(sizeBytes: number): boolean {
    if (this.#slowestMsPerByte === undefined) return true;
    const neededMs = sizeBytes * this.#slowestMsPerByte * SAFETY_FACTOR + RESERVE_MS;
    return this.#clock.nowMs() + neededMs <= this.#deadlineMs;
  }

  /** A piece of `sizeBytes` took `ms`. */
  took(sizeBytes: number, ms: number): void {
    if (sizeBytes > 0) this.#slowestMsPerByte = Math.max(this.#slowestMsPerByte ?? 0, ms / sizeBytes);
  }
}
