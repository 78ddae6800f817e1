import { SFTP_MAX_READ_BYTES } from '../../transfer/limits.ts';
import type { LearnedLimits } from '../learned-limits.ts';
import {
  SFTP_BAD_MESSAGE,
  SFTP_FAILURE,
  SFTP_INVALID_PARAMETER,
  SFTP_OP_UNSUPPORTED,
} from '../sftp-status.ts';
import { statusCode } from '../source-errors.ts';

/** Smaller reads would cost more in requests than they save in second answers. */
export const MIN_PIECE_BYTES = 4_096;
/** Statuses with which servers have been seen to refuse a read that is too large for them. */
const TOO_LARGE_STATUSES: readonly (number | undefined)[] = [
  SFTP_FAILURE,
  SFTP_BAD_MESSAGE,
  SFTP_OP_UNSUPPORTED,
  SFTP_INVALID_PARAMETER,
];
/** A server that answers this many reads in a row short has a limit that it did not announce. */
const SHORT_READS_TO_LEARN_FROM = 3;

/** How many bytes one read asks for at most: begins at the largest that is served, and falls as the server answers. */
export class PieceSize {
  readonly #learned: LearnedLimits;
  #bytes: number;
  #shortReads = 0;
  /** Lengths of the last answers, for as long as they were short. */
  #shortReadBytes: number[] = [];

  /** @param mostBytes that the server announced or the caller allows. @param learned of the server; gets what is found out */
  constructor(mostBytes: number, learned: LearnedLimits) {
    // As large as is served: reads of 32 KiB cost 1.6 times the processor.
    this.#bytes = Math.min(SFTP_MAX_READ_BYTES, mostBytes);
    this.#learned = learned;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** Answers so far that were shorter than asked. */
  get shortReads(): number {
    return this.#shortReads;
  }

  /**
   * A read that was refused may have been too large, whatever the server had announced: halves the size, down to the
   * floor. @returns false when the error does not mean that, or less cannot be asked for
   */
  shrinkAfter(error: Error, askedBytes: number): boolean {
    if (!TOO_LARGE_STATUSES.includes(statusCode(error)) || askedBytes <= MIN_PIECE_BYTES) return false;
    this.#bytes = Math.min(this.#bytes, Math.max(MIN_PIECE_BYTES, Math.floor(askedBytes / 2)));
    this.#learned.maxReadBytes = this.#bytes;
    return true;
  }

  onShortRead(bytesRead: number): void {
    this.#shortReads += 1;
    this.#shortReadBytes.push(bytesRead);
    if (this.#shortReadBytes.length < SHORT_READS_TO_LEARN_FROM) return;
    const limitBytes = Math.max(MIN_PIECE_BYTES, ...this.#shortReadBytes);
    this.#bytes = Math.min(this.#bytes, limitBytes);
    this.#shortReadBytes = [];
  }

  /** A piece is complete: short answers before it do not count any more. */
  onWholePiece(): void {
    this.#shortReadBytes = [];
  }
}
