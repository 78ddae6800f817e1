import { MIB } from '../../transfer/text/units.ts';
import { SSH2_CHANNEL_WINDOW_BYTES } from '../ssh2-internals/channel-window.ts';

/** What a channel of ssh2's own window carries in a round trip: it is topped up when half of it is used. */
const CARRIED_PER_CHANNEL_BYTES = (SSH2_CHANNEL_WINDOW_BYTES * 3) / 4;
/** A rate is measured over this. */
const PERIOD_MS = 1_000;
/** More channels are kept only if the rate grew by this factor. */
const WORTHWHILE_GAIN = 1.2;
/** About what a Lambda's network carries: a faster server does not need more channels. */
const FAST_ENOUGH_BYTES_PER_MS = (64 * MIB) / 1_000;
/** The server is the slow side if the consumer waited at this share of the answers; they come in bursts. */
const WAITING_SHARE = 0.1;
/** A rest that takes less than this at the present rate does not repay the opening of a channel. */
const WORTHWHILE_REST_MS = 3_000;

export interface ReadProgress {
  nowMs: number;
  arrivedBytes: number;
  /** Of the range, not arrived yet. */
  remainingBytes: number;
  windowBytes: number;
  /** Whether one channel carries the whole window. */
  windowWidened: boolean;
  /** Whether the consumer had taken all that there was. */
  isConsumerWaiting: boolean;
}

/**
 * How many channels of the one connection to read over.
 *
 * Where the windows are ssh2's own: as many as the bytes in flight need. Where one channel carries everything: one,
 * and on a slow server twice as many at a time for as long as that makes it faster, since some servers work on one
 * request per channel. What did not help is given back.
 */
export class ChannelPlan {
  readonly #maxChannels: number;
  #wanted = 1;
  /** Rate before the last growth; undefined before the first. */
  #rateBeforeBytesPerMs: number | undefined;
  #isSettled = false;
  #periodStartMs: number;
  #periodStartBytes = 0;
  #answers = 0;
  #answersWaitedFor = 0;

  constructor(maxChannels: number, nowMs: number) {
    this.#maxChannels = maxChannels;
    this.#periodStartMs = nowMs;
  }

  /** To be called at every answer; returns the number of channels wanted from now on. */
  update(progress: ReadProgress): number {
    if (progress.windowWidened) this.#probe(progress);
    else this.#wanted = Math.max(this.#wanted, Math.ceil(progress.windowBytes / CARRIED_PER_CHANNEL_BYTES));
    this.#wanted = Math.min(this.#wanted, this.#maxChannels);
    return this.#wanted;
  }

  #probe({ nowMs, arrivedBytes, remainingBytes, isConsumerWaiting }: ReadProgress): void {
    this.#answers += 1;
    if (isConsumerWaiting) this.#answersWaitedFor += 1;
    const elapsedMs = nowMs - this.#periodStartMs;
    if (this.#isSettled || elapsedMs < PERIOD_MS) return;
    const rate = (arrivedBytes - this.#periodStartBytes) / elapsedMs;
    const isServerSlow = this.#answersWaitedFor >= this.#answers * WAITING_SHARE;
    this.#periodStartMs = nowMs;
    this.#periodStartBytes = arrivedBytes;
    this.#answers = 0;
    this.#answersWaitedFor = 0;

    const before = this.#rateBeforeBytesPerMs;
    if (before !== undefined && rate < before * WORTHWHILE_GAIN) {
      this.#wanted = Math.ceil(this.#wanted / 2);
      this.#isSettled = true;
    } else if (this.#wanted >= this.#maxChannels) {
      this.#isSettled = true;
    } else if (
      isServerSlow &&
      rate < FAST_ENOUGH_BYTES_PER_MS &&
      remainingBytes > rate * WORTHWHILE_REST_MS
    ) {
      this.#rateBeforeBytesPerMs = rate;
      this.#wanted *= 2;
    }
  }
}
