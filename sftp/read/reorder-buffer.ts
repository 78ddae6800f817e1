import type { RangeRead } from './range-queue.ts';
import type { ReadChannel } from './read-channel.ts';

/** A part of a range that is asked for as one; the server may answer it in several. */
export interface Piece {
  readonly range: RangeRead;
  readonly startByte: number;
  readonly lengthBytes: number;
  /** The answers so far, in order. */
  readonly answers: Buffer[];
  answeredBytes: number;
  /** Who owes the rest. */
  channel: ReadChannel | undefined;
  askedAtMs: number;
  /** Bytes that had arrived over all pieces when this one was asked for. */
  arrivedBeforeBytes: number;
}

const COMPACT_AFTER_PIECES = 256;

/** Pieces in the order of their ranges: appended when asked for, taken from the front once they are complete. */
export class ReorderBuffer {
  #pieces: Piece[] = [];
  #head = 0;
  #heldBytes = 0;

  /** Size of all pieces asked for and not yet taken, whether complete or not. */
  get heldBytes(): number {
    return this.#heldBytes;
  }

  append(piece: Piece): void {
    this.#pieces.push(piece);
    this.#heldBytes += piece.lengthBytes;
  }

  /** The next piece, if it is complete; it stays where it is. */
  peek(): Piece | undefined {
    const piece = this.#pieces[this.#head];
    return piece === undefined || piece.answeredBytes < piece.lengthBytes ? undefined : piece;
  }

  /** Takes the next piece, if it is complete. */
  take(): Piece | undefined {
    const piece = this.peek();
    if (piece === undefined) return undefined;
    this.#head += 1;
    this.#heldBytes -= piece.lengthBytes;
    if (this.#head >= COMPACT_AFTER_PIECES) {
      this.#pieces = this.#pieces.slice(this.#head);
      this.#head = 0;
    }
    return piece;
  }

  /** Pieces that `channel` still owes, in order. */
  owedBy(channel: ReadChannel): Piece[] {
    return this.#pieces.slice(this.#head).filter((piece) => piece.channel === channel);
  }

  clear(): void {
    this.#pieces = [];
    this.#head = 0;
    this.#heldBytes = 0;
  }
}
