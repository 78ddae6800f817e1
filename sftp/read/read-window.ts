import { KIB, MIB } from '../../transfer/text/units.ts';

/**
 * Asked for before anything has come, and from then on as much more as has come: so the window doubles each round trip
 * while it is met, as TCP's own does at the server (slow start, RFC 5681). What is asked for beyond that cannot be sent
 * yet: OpenSSH keeps it in a buffer that is copied whole each time it grows, so that asking for 5 MiB at once cost
 * its processor half a second and more.
 */
const START_BYTES = 512 * KIB;
/**
 * Floor of the window, and what is asked for before anything was measured on top of what a pipe of
 * ASSUMED_RATE holds. On loopback 2 MiB was the fastest of 1 to 32 MiB: more falls out of the processor's cache.
 */
const FLOOR_BYTES = 2 * MIB;
/** About what a Lambda's network carries (75 MiB/s), a little less: the first window is modest. */
const ASSUMED_RATE_BYTES_PER_MS = (64 * MIB) / 1_000;
/** One pipe to keep it full, one to notice that it carries more: the window doubles each round trip until it does not. */
const MIN_PIPES_IN_FLIGHT = 2;
/** Either side of a short pipe may pause for so long before it runs empty, where that takes no more than this many. */
const PAUSE_MS = 60;
const MAX_PIPES_IN_FLIGHT = 4;
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
/** So many reads make a window at least: with fewer, one answer leaves the line idle until the next is asked for. */
const PIECES_PER_WINDOW = 8;
/** Smaller reads would cost more in requests than they save in time. */
const MIN_PIECE_BYTES = 4_096;

/**
 * How many bytes to keep requested: twice what the pipe holds, up to four times where it is short, measured as best
 * delivery rate times shortest answer time, as BBR does (Cardwell et al., "BBR: Congestion-Based Congestion Control",
 * 2016). While the pipe is not full the rate grows with the window, so the window grows by itself; once it is full the
 * window stays. It begins small, and grows no faster than what was asked for comes.
 */
export class ReadWindow {
  readonly #maxBytes: number;
  readonly #firstTargetBytes: number;
  readonly #roundTripMs: number;
  #answeredBytes = 0;
  #shortestAnswerMs = Number.POSITIVE_INFINITY;
  #bestRateBytesPerMs = 0;
  #targetBytes: number;

  /**
   * @param roundTripMs of one small request on this connection, here the OPEN
   * @param lineSharedBy connections that read over the same line: the first windows of all of them together are what
   * one would ask for. Eight that each took the line for their own overfilled its queue, and were slower (docs/performance.md)
   */
  constructor(roundTripMs: number, maxBytes: number, lineSharedBy = 1) {
    this.#maxBytes = maxBytes;
    this.#roundTripMs = roundTripMs;
    this.#firstTargetBytes = this.#clamp(
      FLOOR_BYTES + (roundTripMs * ASSUMED_RATE_BYTES_PER_MS) / lineSharedBy,
    );
    this.#targetBytes = this.#clamp(Math.min(START_BYTES, this.#firstTargetBytes));
  }

  get targetBytes(): number {
    return this.#targetBytes;
  }

  /** Largest read to ask for now. */
  get pieceBytes(): number {
    if (this.#bestRateBytesPerMs === 0) return FIRST_PIECE_BYTES;
    const shareBytes = Math.max(FIRST_PIECE_BYTES, this.#targetBytes / PIECES_PER_WINDOW);
    return Math.max(MIN_PIECE_BYTES, Math.floor(Math.min(this.#bestRateBytesPerMs * PIECE_MS, shareBytes)));
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
    // While the window grows the rate lags behind it: until a whole one was answered after that, it says too little.
    const floorBytes =
      this.#answeredBytes < 2 * this.#firstTargetBytes ? this.#firstTargetBytes : FLOOR_BYTES;
    const mostBytes = Math.max(2 * this.pieceBytes, this.#bestRateBytesPerMs * MOST_IN_FLIGHT_MS);
    const wantedBytes = Math.min(mostBytes, Math.max(floorBytes, this.#pipesInFlight() * pipeBytes));
    this.#targetBytes = this.#clamp(Math.min(START_BYTES + this.#answeredBytes, wantedBytes));
  }

  #pipesInFlight(): number {
    return Math.min(MAX_PIPES_IN_FLIGHT, Math.max(MIN_PIPES_IN_FLIGHT, 1 + PAUSE_MS / this.#pipeMs()));
  }

  #pipeMs(): number {
    const shortestMs = this.#shortestAnswerMs;
    return Math.max(Math.min(this.#roundTripMs, shortestMs), shortestMs - START_ALLOWANCE_MS);
  }

  #clamp(bytes: number): number {
    return Math.min(this.#maxBytes, Math.ceil(bytes));
  }
}
