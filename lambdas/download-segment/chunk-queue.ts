import type { Chunk } from '../../transfer/contracts.ts';

/** What a worker still has to copy, in the order in which it is read. */
export class ChunkQueue {
  readonly #chunks: Chunk[];
  readonly #failures = new Map<Chunk, number>();

  constructor(chunks: Iterable<Chunk>) {
    this.#chunks = [...chunks];
  }

  /** The chunks that come next. */
  get upcoming(): readonly Chunk[] {
    return this.#chunks;
  }

  take(): Chunk | undefined {
    return this.#chunks.shift();
  }

  /** Puts a chunk back, behind those that the reader has asked for already. */
  again(chunk: Chunk, aheadCount: number): void {
    this.#chunks.splice(aheadCount, 0, chunk);
  }

  /** S3 has failed the chunk once more. @returns how often by now */
  countFailure(chunk: Chunk): number {
    const failures = this.failuresOf(chunk) + 1;
    this.#failures.set(chunk, failures);
    return failures;
  }

  failuresOf(chunk: Chunk): number {
    return this.#failures.get(chunk) ?? 0;
  }
}
