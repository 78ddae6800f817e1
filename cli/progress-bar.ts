import { Presets, SingleBar } from 'cli-progress';
import type { ChunkPlan, FileMetadata } from '../lambdas/shared/contracts.ts';
import type { TransferObserver } from '../local/local-transfer.ts';
import { formatDuration, RateMeter } from './rate-meter.ts';
import { formatSize } from './sizes.ts';

/** Bytes, rate, time to go and chunks done of one transfer, drawn on the terminal's stderr. */
export class ProgressBar implements TransferObserver {
  readonly #bar = new SingleBar(
    {
      format:
        '{bar} {percentage}% | {done} of {size} | {rate}/s | {timeLeft} to go | chunks {chunksDone}/{chunkCount}',
      stream: process.stderr,
      fps: 5,
      hideCursor: true,
    },
    Presets.shades_classic,
  );
  readonly #bytesByChunk = new Map<number, number>();
  readonly #meter = new RateMeter();
  #bytesRead = 0;
  #chunksDone = 0;
  #sizeBytes = 0;

  fileFound(file: FileMetadata): void {
    this.#sizeBytes = file.size_bytes;
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
    const bytesPerSecond = this.#meter.measure(Date.now(), this.#bytesRead);
    return {
      done: formatSize(this.#bytesRead),
      size: formatSize(this.#sizeBytes),
      rate: formatSize(Math.round(bytesPerSecond)),
      timeLeft: formatDuration((this.#sizeBytes - this.#bytesRead) / bytesPerSecond),
      chunksDone: this.#chunksDone,
      ...(this.#bar.isActive ? {} : { chunkCount: '?' }),
    };
  }
}
