import { createCipheriv, createHash } from 'node:crypto';

const ZEROS = Buffer.alloc(1024 ** 2);

/** Random choices that are the same whenever the seed is. */
export class SeededRandom {
  readonly #seed: string;
  #drawn = 0;

  constructor(seed: string) {
    this.#seed = seed;
  }

  /** Uniform in [0, 1). */
  fraction(): number {
    this.#drawn += 1;
    return this.#digest(`number ${this.#drawn}`).readUIntBE(0, 6) / 2 ** 48;
  }

  chance(probability: number): boolean {
    return this.fraction() < probability;
  }

  /** Uniform over the whole numbers from `low` to `high`, both included. */
  integer(low: number, high: number): number {
    return low + Math.floor(this.fraction() * (high - low + 1));
  }

  /** As likely between 1 and 2 as between 1,000 and 2,000. Both bounds are included, and at least 1. */
  logarithmic(low: number, high: number): number {
    return Math.round(low * (high / low) ** this.fraction());
  }

  pick<T>(list: readonly T[]): T {
    const picked = list[this.integer(0, list.length - 1)];
    if (picked === undefined) throw new RangeError('nothing to pick from');
    return picked;
  }

  /** `count` of the list, each once. */
  sample<T>(list: readonly T[], count: number): T[] {
    const left = [...list];
    return Array.from({ length: Math.min(count, left.length) }, () =>
      left.splice(this.integer(0, left.length - 1), 1),
    ).flat();
  }

  /** Incompressible bytes, in buffers of at most 1 MiB. The same at every call. */
  *bytes(sizeBytes: number): Generator<Buffer, void, undefined> {
    const key = this.#digest('content');
    const stream = createCipheriv('aes-128-ctr', key.subarray(0, 16), key.subarray(16, 32));
    for (let left = sizeBytes; left > 0; left -= ZEROS.length) {
      yield stream.update(left < ZEROS.length ? ZEROS.subarray(0, left) : ZEROS);
    }
  }

  #digest(of: string): Buffer {
    return createHash('sha256').update(`${this.#seed}\n${of}`).digest();
  }
}
