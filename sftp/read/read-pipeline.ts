import type { LearnedLimits } from '../learned-limits.ts';
import { statusCode, toSourceError } from '../source-errors.ts';
import { ChannelPlan } from './channel-plan.ts';
import type { ChannelPool } from './channel-pool.ts';
import type { IdleWatchdog } from './idle-watchdog.ts';
import { MIN_PIECE_BYTES, PieceSize } from './piece-size.ts';
import { RangeQueue, type RangeRead } from './range-queue.ts';
import type { ReadChannel } from './read-channel.ts';
import { ReadWindow } from './read-window.ts';
import { type Piece, ReorderBuffer } from './reorder-buffer.ts';
import { answeredTooMuch, endedEarly } from './wrong-answers.ts';

export interface ReadPipelineOptions {
  maxReadBytes: number;
  maxChannels: number;
  /** Bound on all bytes that are asked for, out of order, or with the consumers. */
  maxBytesInFlight: number;
  /** About how much will be read over all ranges; what is asked for counts if that is more. */
  expectedBytes: number;
  /** Connections that read over the same line at a time, this one included. */
  lineSharedBy: number;
  /** Of the server; gets what this read finds out. */
  learned: LearnedLimits;
  onError(error: Error): void;
}

/**
 * Keeps a window of reads in flight over the channels of a pool and hands the answers on in the order of the ranges.
 * At any time something is owed by the server, or the consumer in front wants nothing now, or all is delivered:
 * otherwise nothing would ever happen again.
 */
export class ReadPipeline {
  readonly #path: string;
  readonly #pool: ChannelPool;
  readonly #watchdog: IdleWatchdog;
  readonly #options: ReadPipelineOptions;
  readonly #plan: ChannelPlan;
  readonly #ranges = new RangeQueue();
  readonly #reorder = new ReorderBuffer();
  #window: ReadWindow | undefined;
  #windowWidened = false;
  readonly #pieceSize: PieceSize;
  /** Pieces whose channel was lost. */
  #orphans: Piece[] = [];
  #owedReads = 0;
  #arrivedBytes = 0;
  #deliveredBytes = 0;
  #peakBytes = 0;
  #stopped = false;

  constructor(path: string, pool: ChannelPool, watchdog: IdleWatchdog, options: ReadPipelineOptions) {
    this.#path = path;
    this.#pool = pool;
    this.#watchdog = watchdog;
    this.#options = options;
    this.#plan = new ChannelPlan(options.maxChannels, performance.now());
    const mostBytes = Math.min(options.maxReadBytes, options.maxBytesInFlight);
    this.#pieceSize = new PieceSize(mostBytes, options.learned);
  }

  get arrivedBytes(): number {
    return this.#arrivedBytes;
  }

  stats() {
    return {
      bytes: this.#deliveredBytes,
      windowWidened: this.#windowWidened,
      windowBytes: this.#window?.targetBytes ?? 0,
      pieceBytes: this.#pieceSize.bytes,
      peakBytesInFlight: this.#peakBytes,
      shortReads: this.#pieceSize.shortReads,
    };
  }

  /** A channel joined the pool. @param roundTripMs of a small request on this connection */
  onJoined(channel: ReadChannel, roundTripMs: number): void {
    const { lineSharedBy, maxBytesInFlight } = this.#options;
    this.#window ??= new ReadWindow(roundTripMs, maxBytesInFlight, lineSharedBy);
    channel.allowReadsOf(this.#pieceSize.bytes);
    this.#windowWidened = channel.widenWindow(maxBytesInFlight);
    this.#ask();
  }

  /** A channel is lost: others are asked for what it owes. */
  onLost(channel: ReadChannel): void {
    const orphans = this.#reorder.owedBy(channel);
    this.#owedReads -= orphans.length;
    this.#orphans.push(...orphans);
    this.#ask();
  }

  /** Reads this range after those that were added before. */
  add(range: RangeRead): void {
    this.#ranges.add(range);
    this.#ask();
  }

  /** The consumer of a range has taken all its bytes, or does not want the rest. */
  remove(range: RangeRead): void {
    this.#ranges.remove(range);
    this.#deliver();
    this.#ask();
  }

  /** The sink of a range wants more. */
  resume(range: RangeRead): void {
    range.sinkWants = true;
    this.#deliver();
    this.#ask();
    // A stream asks once, before it takes what it has, and again only after a push: so that one must be on its way.
    if (this.#isStuck(range)) setImmediate(() => this.#isStuck(range) && this.#ask(MIN_PIECE_BYTES));
  }

  /** Ignores whatever still arrives, and lets go of the buffers. */
  stop(): void {
    this.#stopped = true;
    this.#reorder.clear();
    this.#ranges.clear();
    this.#orphans = [];
  }

  /** Nothing is on its way, and nothing else will ask for it. */
  #isStuck(inFront: RangeRead): boolean {
    return (
      this.#window !== undefined &&
      !this.#stopped &&
      inFront.sinkWants &&
      this.#owedReads === 0 &&
      this.#ranges.next !== undefined
    );
  }

  /** Asks for as much as the window and the budget allow. @param leastBytes to ask for, if nothing else is owed */
  #ask(leastBytes = 0): void {
    if (this.#window === undefined || this.#stopped) return;
    for (const orphan of this.#orphans.splice(0)) this.#request(orphan);
    for (let range = this.#ranges.next; range !== undefined; range = this.#ranges.next) {
      const pieceBytes = Math.min(this.#pieceSize.bytes, this.#window.pieceBytes);
      const presentBytes = this.#reorder.heldBytes + this.#ranges.waitingBytes;
      const isForced = leastBytes > 0 && this.#owedReads === 0;
      const roomBytes = Math.max(this.#window.targetBytes - presentBytes, isForced ? leastBytes : 0);
      const wantedBytes = Math.min(pieceBytes, range.endByte - range.nextByte);
      if (wantedBytes > roomBytes && !isForced) return;
      const lengthBytes = Math.min(wantedBytes, roomBytes);
      const inFlightBytes = presentBytes + lengthBytes;
      this.#peakBytes = Math.max(this.#peakBytes, inFlightBytes);
      const piece: Piece = {
        range,
        startByte: range.nextByte,
        lengthBytes,
        answers: [],
        answeredBytes: 0,
        channel: undefined,
        askedAtMs: 0,
        arrivedBeforeBytes: 0,
      };
      range.nextByte += lengthBytes;
      this.#reorder.append(piece);
      this.#request(piece);
    }
  }

  /** Asks the least busy channel for what is missing of `piece`. */
  #request(piece: Piece): void {
    const channel = this.#pool.leastBusy();
    if (channel === undefined) return;
    const missingBytes = Math.min(piece.lengthBytes - piece.answeredBytes, this.#pieceSize.bytes);
    piece.channel = channel;
    piece.askedAtMs = performance.now();
    piece.arrivedBeforeBytes = this.#arrivedBytes;
    this.#owedReads += 1;
    this.#watchdog.feed();
    channel.read(missingBytes, piece.startByte + piece.answeredBytes, (error, bytes) => {
      // A late word from a lost channel: another one was asked for the piece.
      if (this.#stopped || piece.channel !== channel) return;
      if (error !== undefined && statusCode(error) === undefined) {
        this.#pool.lose(channel, error);
        return;
      }
      piece.channel = undefined;
      this.#owedReads -= 1;
      if (error !== undefined && this.#pieceSize.shrinkAfter(error, missingBytes)) this.#request(piece);
      else if (error !== undefined) this.#options.onError(toSourceError(this.#path, error));
      else if (bytes.length === 0) this.#options.onError(endedEarly(this.#path, piece));
      else if (bytes.length > missingBytes)
        this.#options.onError(answeredTooMuch(this.#path, bytes.length, missingBytes));
      else this.#onBytes(piece, bytes, missingBytes);
    });
  }

  #onBytes(piece: Piece, bytes: Buffer, askedBytes: number): void {
    piece.answers.push(bytes);
    piece.answeredBytes += bytes.length;
    this.#arrivedBytes += bytes.length;
    const nowMs = performance.now();
    this.#window?.onAnswer(
      bytes.length,
      nowMs - piece.askedAtMs,
      this.#arrivedBytes - piece.arrivedBeforeBytes,
    );
    if (bytes.length < askedBytes) this.#pieceSize.onShortRead(bytes.length);
    if (piece.answeredBytes < piece.lengthBytes) {
      this.#request(piece);
      return;
    }
    this.#pieceSize.onWholePiece();
    if (this.#owedReads === 0) this.#watchdog.disarm();
    else this.#watchdog.feed();
    const isConsumerWaiting = this.#reorder.peek()?.range.sinkWants ?? piece.range.sinkWants;
    this.#deliver();
    this.#ask();
    this.#adaptPool(nowMs, isConsumerWaiting);
  }

  /** Hands complete pieces on, in order, for as long as the sink of the range in front wants them. */
  #deliver(): void {
    while (!this.#stopped) {
      const range = this.#reorder.peek()?.range;
      if (range === undefined || (!range.sinkWants && !range.isCancelled)) return;
      const piece = this.#reorder.take() as Piece;
      if (range.isCancelled) continue;
      this.#deliveredBytes += piece.lengthBytes;
      for (const bytes of piece.answers) range.sinkWants = range.sink.push(bytes);
      if (piece.startByte + piece.lengthBytes === range.endByte) range.sink.end();
    }
  }

  #adaptPool(nowMs: number, isConsumerWaiting: boolean): void {
    if (this.#window === undefined || this.#ranges.next === undefined) return;
    const askedForBytes = this.#reorder.heldBytes + this.#ranges.unaskedBytes;
    const wanted = this.#plan.update({
      nowMs,
      arrivedBytes: this.#arrivedBytes,
      remainingBytes: Math.max(askedForBytes, this.#options.expectedBytes - this.#arrivedBytes),
      windowBytes: this.#window.targetBytes,
      windowWidened: this.#windowWidened,
      isConsumerWaiting,
    });
    this.#pool.resize(wanted);
  }
}
