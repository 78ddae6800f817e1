import { Presets, SingleBar } from 'cli-progress';
import type { ChunkPlan, FileMetadata } from '../lambdas/shared/contracts.ts';
import type { TransferObserver } from '../local/local-transfer.ts';
import { formatSize } from './sizes.ts';

/** The rate shown is that of the last so many milliseconds. */
const RATE_WINDOW_MS = 5_000;

/** Bytes, rate, time to go and chunks done of one transfer, drawn on the terminal's stderr. */
export class ProgressBar implements TransferObserver {
  readonly #bar = new SingleBar(
    {
      format:
        '{bar} {percentage}% | {done} of {size} | {rate}/s | {eta} s to go | chunks {chunksDone}/{chunkCount}',
      stream: process.stderr,
      fps: 5,
      hideCursor: true,
      etaBuffer: 100,
    },
    Presets.shades_classic,
  );
  readonly #bytesByChunk = new Map<number, number>();
  readonly #samples: { atMs: number; bytes: number }[] = [];
  #bytesRead = 0;
  #chunksDone = 0;
  #size = '';

  fileFound(file: FileMetadata): void {
    this.#size = formatSize(file.size_bytes);
    this.#bar.start(Math.max(1, file.size_bytes), 0, this.#payload());
  }

  chunksPlanned(plan: ChunkPlan): void {
    this.#bar.update({ chunkCount: plan.chunk_count });
  }

  chunkProgressed(chunkNumber: number, bytesRead: number): void {
    this.#bytesRead += bytesRead - (this.#bytesByChunk.get(chunkNumber) ?? 0);
    this.#bytesByChunk.set(chunkNumber, bytesRead);
    this.#bar.update(this.#bytesRead, this.#payload());
  }

  chunkLanded(): void {
    this.#chunksDone += 1;
    this.#bar.update(this.#bytesRead, this.#payload());
  }

  stop(): void {
    this.#bar.stop();
  }

  #payload(): Record<string, string | number> {
    return {
      done: formatSize(this.#bytesRead),
      size: this.#size,
      rate: formatSize(Math.round(this.#bytesPerSecond())),
      chunksDone: this.#chunksDone,
      ...(this.#bar.isActive ? {} : { chunkCount: '?' }),
    };
  }

  #bytesPerSecond(): number {
    const nowMs = Date.now();
    const [last] = this.#samples.slice(-1);
    if (last === undefined || nowMs - last.atMs >= 100)
      this.#samples.push({ atMs: nowMs, bytes: this.#bytesRead });
    while (this.#samples.length > 2 && nowMs - (this.#samples[0]?.atMs ?? nowMs) > RATE_WINDOW_MS)
      this.#samples.shift();
    const [oldest] = this.#samples;
    if (oldest === undefined || nowMs === oldest.atMs) return 0;
    return Math.max(0, ((this.#bytesRead - oldest.bytes) * 1000) / (nowMs - oldest.atMs));
  }
}
