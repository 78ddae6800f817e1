/** The rate shown is that of the last so many milliseconds. */
const WINDOW_MS = 5_000;
/** Samples nearer to each other than this add nothing. */
const MIN_SAMPLE_DISTANCE_MS = 100;

/** The rate of the last moments of a growing count of bytes. */
export class RateMeter {
  readonly #samples: { atMs: number; bytes: number }[] = [];

  /** @returns bytes per second over the window that ends now; 0 while there is nothing to compare with */
  measure(nowMs: number, totalBytes: number): number {
    const latest = this.#samples.at(-1);
    if (latest === undefined || nowMs - latest.atMs >= MIN_SAMPLE_DISTANCE_MS) {
      this.#samples.push({ atMs: nowMs, bytes: totalBytes });
    }
    while (this.#samples.length > 2 && nowMs - (this.#samples[1]?.atMs ?? nowMs) >= WINDOW_MS)
      this.#samples.shift();
    const [oldest] = this.#samples;
    if (oldest === undefined || nowMs <= oldest.atMs) return 0;
    return Math.max(0, ((totalBytes - oldest.bytes) * 1_000) / (nowMs - oldest.atMs));
  }
}
