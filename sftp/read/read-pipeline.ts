import { SftpConnectionError, SourceChangedError } from '../../transfer/errors.ts';
import type { LearnedLimits } from '../learned-limits.ts';
import type { ByteRange } from '../ports.ts';
import {
  SFTP_BAD_MESSAGE,
  SFTP_FAILURE,
  SFTP_INVALID_PARAMETER,
  SFTP_OP_UNSUPPORTED,
} from '../sftp-status.ts';
import { statusCode, toSourceError } from '../source-errors.ts';
import { ChannelPlan } from './channel-plan.ts';
import type { ChannelPool } from './channel-pool.ts';
import type { IdleWatchdog } from './idle-watchdog.ts';
import type { ReadChannel } from './read-channel.ts';
import { ReadWindow } from './read-window.ts';
import { type Piece, ReorderBuffer } from './reorder-buffer.ts';

/** Largest read that OpenSSH serves (`limits@openssh.com`); reads of 32 KiB cost 1.6 times the processor. */
const MAX_PIECE_BYTES = 261_120;
/** Smaller reads would cost more in requests than they save in second answers. */
const MIN_PIECE_BYTES = 4_096;
/** Statuses with which servers have been seen to refuse a read that is too large for them. */
const TOO_LARGE_STATUSES: readonly (number | undefined)[] = [
  SFTP_FAILURE,
  SFTP_BAD_MESSAGE,
  SFTP_OP_UNSUPPORTED,
  SFTP_INVALID_PARAMETER,
];
/** A server that answers this many reads in a row short has a limit that it did not name. */
const SHORT_READS_TO_LEARN_FROM = 3;

export interface ReadPipelineOptions {
  maxReadBytes: number;
  maxChannels: number;
  /** Bound on all bytes that are asked for, out of order, or with the consumer. */
  maxBytesInFlight: number;
  /** Of the server; gets what this read finds out. */
  learned: LearnedLimits;
}

/** Where the bytes go. */
export interface ByteSink {
  /** Takes the next bytes of the range; false when it wants no more until `ReadPipeline.resume`. */
  push(bytes: Buffer): boolean;
  /** Bytes that it took and the consumer did not. */
  waitingBytes(): number;
  end(): void;
  fail(error: Error): void;
}

/** Keeps a window of reads in flight over the channels of a pool and hands the answers on in the file's order. */
export class ReadPipeline {
  readonly #range: ByteRange;
  readonly #pool: ChannelPool;
  readonly #sink: ByteSink;
  readonly #watchdog: IdleWatchdog;
  readonly #plan: ChannelPlan;
  readonly #maxBytes: number;
  readonly #learned: LearnedLimits;
  readonly #reorder = new ReorderBuffer();
  #window: ReadWindow | undefined;
  #windowWidened = false;
  #pieceBytes: number;
  /** First byte of the range that no piece covers yet. */
  #nextByte: number;
  /** Pieces whose channel was lost. */
  #orphans: Piece[] = [];
  #owedReads = 0;
  #arrivedBytes = 0;
  #deliveredBytes = 0;
  #peakBytes = 0;
  #shortReads = 0;
  /** Lengths of the last answers, for as long as they were short. */
  #shortReadBytes: number[] = [];
  #sinkWants = false;
  #stopped = false;

  constructor(
    range: ByteRange,
    pool: ChannelPool,
    sink: ByteSink,
    watchdog: IdleWatchdog,
    options: ReadPipelineOptions,
  ) {
    this.#range = range;
    this.#pool = pool;
    this.#sink = sink;
    this.#watchdog = watchdog;
    this.#plan = new ChannelPlan(options.maxChannels, performance.now());
    this.#maxBytes = options.maxBytesInFlight;
    this.#learned = options.learned;
    this.#pieceBytes = Math.min(MAX_PIECE_BYTES, options.maxReadBytes, options.maxBytesInFlight);
    this.#nextByte = range.startByte;
  }

  get arrivedBytes(): number {
    return this.#arrivedBytes;
  }

  stats() {
    return {
      bytes: this.#deliveredBytes,
      windowWidened: this.#windowWidened,
      windowBytes: this.#window?.targetBytes ?? 0,
      pieceBytes: this.#pieceBytes,
      peakBytesInFlight: this.#peakBytes,
      shortReads: this.#shortReads,
    };
  }

  /** A channel joined the pool. @param roundTripMs of a small request on this connection */
  onJoined(channel: ReadChannel, roundTripMs: number): void {
    this.#window ??= new ReadWindow(roundTripMs, this.#maxBytes);
    channel.allowReadsOf(this.#pieceBytes);
    this.#windowWidened = channel.widenWindow(this.#maxBytes);
    this.#ask();
  }

  /** A channel is lost: others are asked for what it owes. */
  onLost(channel: ReadChannel): void {
    const orphans = this.#reorder.owedBy(channel);
    this.#owedReads -= orphans.length;
    this.#orphans.push(...orphans);
    this.#ask();
  }

  /** The sink wants more. */
  resume(): void {
    this.#sinkWants = true;
    this.#deliver();
    this.#ask();
    // A stream asks once, before it takes what it has, and again only after a push: so that one must be on its way.
    if (this.#isStuck()) setImmediate(() => this.#isStuck() && this.#ask(MIN_PIECE_BYTES));
  }

  /** Ignores whatever still arrives, and lets go of the buffers. */
  stop(): void {
    this.#stopped = true;
    this.#reorder.clear();
    this.#orphans = [];
  }

  /** Nothing is on its way, and nothing else will ask for it. */
  #isStuck(): boolean {
    return (
      this.#window !== undefined &&
      !this.#stopped &&
      this.#sinkWants &&
      this.#owedReads === 0 &&
      this.#nextByte < this.#range.endByte
    );
  }

  /** Asks for as much as the window and the budget allow. @param leastBytes to ask for, if nothing else is owed */
  #ask(leastBytes = 0): void {
    if (this.#window === undefined || this.#stopped) return;
    for (const orphan of this.#orphans.splice(0)) this.#request(orphan);
    while (this.#nextByte < this.#range.endByte) {
      const pieceBytes = Math.min(this.#pieceBytes, this.#window.pieceBytes);
      const presentBytes = this.#reorder.heldBytes + this.#sink.waitingBytes();
      const isForced = leastBytes > 0 && this.#owedReads === 0;
      const roomBytes = Math.max(this.#window.targetBytes - presentBytes, isForced ? leastBytes : 0);
      const wantedBytes = Math.min(pieceBytes, this.#range.endByte - this.#nextByte);
      if (wantedBytes > roomBytes && !isForced) return;
      const lengthBytes = Math.min(wantedBytes, roomBytes);
      const inFlightBytes = presentBytes + lengthBytes;
      this.#peakBytes = Math.max(this.#peakBytes, inFlightBytes);
      const piece: Piece = {
        startByte: this.#nextByte,
        lengthBytes,
        answers: [],
        answeredBytes: 0,
        channel: undefined,
        askedAtMs: 0,
        arrivedBeforeBytes: 0,
      };
      this.#nextByte += lengthBytes;
      this.#reorder.append(piece);
      this.#request(piece);
    }
  }

  /** Asks the least busy channel for what is missing of `piece`. */
  #request(piece: Piece): void {
    const channel = this.#pool.leastBusy();
    if (channel === undefined) return;
    const missingBytes = Math.min(piece.lengthBytes - piece.answeredBytes, this.#pieceBytes);
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
      if (error !== undefined && this.#canAskForLess(error, missingBytes)) this.#request(piece);
      else if (error !== undefined) this.#sink.fail(toSourceError(this.#range.path, error));
      else if (bytes.length === 0) this.#sink.fail(this.#endedEarly(piece));
      else if (bytes.length > missingBytes)
        this.#sink.fail(this.#answeredTooMuch(bytes.length, missingBytes));
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
    if (bytes.length < askedBytes) this.#learnFromShortRead(bytes.length);
    if (piece.answeredBytes < piece.lengthBytes) {
      this.#request(piece);
      return;
    }
    this.#shortReadBytes = [];
    if (this.#owedReads === 0) this.#watchdog.disarm();
    else this.#watchdog.feed();
    const isConsumerWaiting = this.#sinkWants;
    this.#deliver();
    this.#ask();
    this.#adaptPool(nowMs, isConsumerWaiting);
  }

  /** A read that was refused may have been too large, whatever the server had announced: down to the floor. */
  #canAskForLess(error: Error, askedBytes: number): boolean {
    if (!TOO_LARGE_STATUSES.includes(statusCode(error)) || askedBytes <= MIN_PIECE_BYTES) return false;
    this.#pieceBytes = Math.min(this.#pieceBytes, Math.max(MIN_PIECE_BYTES, Math.floor(askedBytes / 2)));
    this.#learned.maxReadBytes = this.#pieceBytes;
    return true;
  }

  #learnFromShortRead(bytesRead: number): void {
    this.#shortReads += 1;
    this.#shortReadBytes.push(bytesRead);
    if (this.#shortReadBytes.length < SHORT_READS_TO_LEARN_FROM) return;
    const limitBytes = Math.max(MIN_PIECE_BYTES, ...this.#shortReadBytes);
    this.#pieceBytes = Math.min(this.#pieceBytes, limitBytes);
    this.#shortReadBytes = [];
  }

  /** Hands complete pieces on, in order, for as long as the sink wants them. */
  #deliver(): void {
    while (this.#sinkWants && !this.#stopped) {
      const piece = this.#reorder.take();
      if (piece === undefined) return;
      this.#deliveredBytes += piece.lengthBytes;
      for (const bytes of piece.answers) this.#sinkWants = this.#sink.push(bytes);
      if (piece.startByte + piece.lengthBytes === this.#range.endByte) this.#sink.end();
    }
  }

  #adaptPool(nowMs: number, isConsumerWaiting: boolean): void {
    if (this.#window === undefined || this.#nextByte === this.#range.endByte) return;
    const wanted = this.#plan.update({
      nowMs,
      arrivedBytes: this.#arrivedBytes,
      remainingBytes: this.#range.endByte - this.#range.startByte - this.#arrivedBytes,
      windowBytes: this.#window.targetBytes,
      windowWidened: this.#windowWidened,
      isConsumerWaiting,
    });
    this.#pool.resize(wanted);
  }

  #answeredTooMuch(answeredBytes: number, askedBytes: number): SftpConnectionError {
    const { path } = this.#range;
    return new SftpConnectionError(
      `the server broke the protocol while reading ${path}: ${answeredBytes} bytes for a read of ${askedBytes}`,
    );
  }

  #endedEarly(piece: Piece): SourceChangedError {
    const { path, endByte } = this.#range;
    const end = piece.startByte + piece.answeredBytes;
    return new SourceChangedError(`${path} ends at byte ${end} or before, but byte ${endByte} was planned`);
  }
}
