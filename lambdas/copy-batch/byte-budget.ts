/** Shares a number of bytes of memory among those who hold files in it; first come, first served. */
export class ByteBudget {
  readonly #totalBytes: number;
  #freeBytes: number;
  readonly #waiting: { bytes: number; resolve: () => void }[] = [];

  constructor(totalBytes: number) {
    this.#totalBytes = totalBytes;
    this.#freeBytes = totalBytes;
  }

  /** Waits for `bytes`; more than there are in all get all. @returns gives them back, once */
  async take(bytes: number): Promise<() => void> {
    const share = Math.min(bytes, this.#totalBytes);
    if (this.#waiting.length > 0 || share > this.#freeBytes) {
      await new Promise<void>((resolve) => this.#waiting.push({ bytes: share, resolve }));
    } else {
      this.#freeBytes -= share;
    }
    let isHeld = true;
    return () => {
      if (!isHeld) return;
      isHeld = false;
      this.#freeBytes += share;
      this.#serve();
    };
  }

  #serve(): void {
    for (let next = this.#waiting[0]; next !== undefined; next = this.#waiting[0]) {
      if (next.bytes > this.#freeBytes) return;
      this.#waiting.shift();
      this.#freeBytes -= next.bytes;
      next.resolve();
    }
  }
}
