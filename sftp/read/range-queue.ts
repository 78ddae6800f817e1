/** Where the bytes of one range go. */
export interface ByteSink {
  /** Takes the next bytes of the range; false to get none until `ReadPipeline.resume`. */
  push(bytes: Buffer): boolean;
  /** Bytes that it took and the consumer did not. */
  waitingBytes(): number;
  end(): void;
}

/** One range of the file on its way to its consumer. */
export interface RangeRead {
  readonly endByte: number;
  readonly sink: ByteSink;
  /** First byte that no piece covers yet. */
  nextByte: number;
  /** Whether the sink wants bytes now. */
  sinkWants: boolean;
  /** Nobody wants its bytes any more: what was asked for is dropped when it comes, the rest is not asked for. */
  isCancelled: boolean;
}

/** Ranges in the order in which they are read. */
export class RangeQueue {
  /** Until the consumer has taken everything: their waiting bytes count. */
  readonly #live = new Set<RangeRead>();
  #toAsk: RangeRead[] = [];

  add(range: RangeRead): void {
    this.#live.add(range);
    if (range.nextByte < range.endByte) this.#toAsk.push(range);
  }

  /** Its consumer has taken all its bytes, or does not want the rest. */
  remove(range: RangeRead): void {
    range.isCancelled = true;
    this.#live.delete(range);
    this.#toAsk = this.#toAsk.filter((other) => other !== range);
  }

  /** The range of which the next piece is to be asked for. */
  get next(): RangeRead | undefined {
    while (this.#toAsk[0] !== undefined && this.#toAsk[0].nextByte >= this.#toAsk[0].endByte) {
      this.#toAsk.shift();
    }
    return this.#toAsk[0];
  }

  /** Bytes that no piece covers yet, over all ranges. */
  get unaskedBytes(): number {
    return this.#toAsk.reduce((sum, range) => sum + range.endByte - range.nextByte, 0);
  }

  /** Bytes that the consumers were given and did not take yet. */
  get waitingBytes(): number {
    let sum = 0;
    for (const range of this.#live) sum += range.sink.waitingBytes();
    return sum;
  }

  clear(): void {
    this.#live.clear();
    this.#toAsk = [];
  }
}
