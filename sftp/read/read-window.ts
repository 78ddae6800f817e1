import { MIB } from '../../transfer/units.ts';

/**
 * Floor of the window, and what is asked for before anything was measured on top of what a pipe of
 * ASSUMED_RATE holds. On loopback 2 MiB was the fastest of 1 to 32 MiB: more falls out of the processor's cache.
 */
const FLOOR_BYTES = 2 * MIB;
/** About what a Lambda's network carries (75 MiB/s), a little less: the first window is modest. */
const ASSUMED_RATE_BYTES_PER_MS = (64 * MIB) / 1_000;
/** One pipe to keep it full, one to notice that it carries more: the window doubles each round trip until it does not. */
const PIPES_IN_FLIGHT = 2;
/** The first answers are late by what a busy machine needs to get going; that is not the length of the pipe. */
const START_ALLOWANCE_MS = 20;
/** How fast an old best rate is forgotten, per answered read. */
const RATE_DECAY = 0.998;

/** More than this is not asked for at the rate that is seen: what is in flight is lost with the connection. */
const MOST_IN_FLIGHT_MS = 10_000;
/** A read brings about this much: whoever waits for its bytes, S3 too, gets some at least so often. */
const PIECE_MS = 1_000;
/** Reads of the protocol's floor, until the rate is known: on a line of 5 KiB/s one takes 6 s. */
const FIRST_PIECE_BYTES = 32_768;
/** Smaller reads would cost more in requests than they save in time. */
const MIN_PIECE_BYTES = 4_096;

/**
 * How many bytes to keep requested: twice what the pipe holds, measured as best delivery rate times shortest
 * answer time, as BBR does (Cardwell et al., "BBR: Congestion-Based Congestion Control", 2016). While the pipe is
 * not full the rate grows with the window, so the window grows by itself; once it is full the window stays.
 */
export class ReadWindow {
  readonly #maxBytes: number;
  readonly #firstTargetBytes: number;
  readonly #roundTripMs: number;
  #answeredBytes = 0;
  #shortestAnswerMs = Number.POSITIVE_INFINITY;
  #bestRateBytesPerMs = 0;
  #targetBytes: number;

  /** @param roundTripMs of one small request on this connection, here the OPEN */
  constructor(roundTripMs: number, maxBytes: number) {
    this.#maxBytes = maxBytes;
    this.#roundTripMs = roundTripMs;
    this.#firstTargetBytes = this.#clamp(FLOOR_BYTES + roundTripMs * ASSUMED_RATE_BYTES_PER_MS);
    this.#targetBytes = this.#firstTargetBytes;
  }

  get targetBytes(): number {
    return this.#targetBytes;
  }

  /** Largest read to ask for now. */
  get pieceBytes(): number {
    if (this.#bestRateBytesPerMs === 0) return FIRST_PIECE_BYTES;
    return Math.max(MIN_PIECE_BYTES, Math.floor(this.#bestRateBytesPerMs * PIECE_MS));
  }

  /**
   * One read was answered with `bytes`.
   * @param answerMs from request to answer
   * @param deliveredBytes what came in meanwhile over all reads, these `bytes` included
   */
  onAnswer(bytes: number, answerMs: number, deliveredBytes: number): void {
    this.#answeredBytes += bytes;
    if (answerMs <= 0) return;
    this.#shortestAnswerMs = Math.min(this.#shortestAnswerMs, answerMs);
    this.#bestRateBytesPerMs = Math.max(this.#bestRateBytesPerMs * RATE_DECAY, deliveredBytes / answerMs);
    const pipeBytes = this.#bestRateBytesPerMs * this.#pipeMs();
    // The first answers came over an idle pipe: until a whole window was answered they say too little.
    const floorBytes = this.#answeredBytes < this.#firstTargetBytes ? this.#firstTargetBytes : FLOOR_BYTES;
    const mostBytes = Math.max(2 * this.pieceBytes, this.#bestRateBytesPerMs * MOST_IN_FLIGHT_MS);
    this.#targetBytes = this.#clamp(Math.min(mostBytes, Math.max(floorBytes, PIPES_IN_FLIGHT * pipeBytes)));
  }

  #pipeMs(): number {
    const shortestMs = this.#shortestAnswerMs;
    return Math.max(Math.min(this.#roundTripMs, shortestMs), shortestMs - START_ALLOWANCE_MS);
  }

  #clamp(bytes: number): number {
    return Math.min(this.#maxBytes, Math.ceil(bytes));
  }
}
