import type { TransferObserver } from '../../local/local-transfer.ts';
import type { StepAttempt } from '../../local/step-attempts.ts';
import type { ChunkPlan, PlannedTransfer } from '../../transfer/contracts.ts';
import { RateMeter } from './rate-meter.ts';
import { TransferBar, type TransferProgress } from './transfer-bar.ts';

/** Draws the progress of a transfer that runs in this process. */
export class ProgressBar implements TransferObserver {
  readonly #bar = new TransferBar();
  readonly #bytesByChunk = new Map<number, number>();
  readonly #meter = new RateMeter();
  readonly #progress: TransferProgress = {
    doneBytes: 0,
    sizeBytes: 0,
    bytesPerSecond: 0,
    chunksDone: 0,
    chunkCount: undefined,
    retries: 0,
  };

  fileFound(file: PlannedTransfer): void {
    this.#progress.sizeBytes = file.size_bytes;
    this.#bar.draw(this.#progress);
  }

  chunksPlanned(plan: ChunkPlan): void {
    this.#progress.chunkCount = plan.chunk_count;
    this.#bar.draw(this.#progress);
  }

  chunkProgressed(chunkNumber: number, bytesRead: number): void {
    this.#progress.doneBytes += bytesRead - (this.#bytesByChunk.get(chunkNumber) ?? 0);
    this.#bytesByChunk.set(chunkNumber, bytesRead);
    this.#progress.bytesPerSecond = this.#meter.measure(Date.now(), this.#progress.doneBytes);
    this.#bar.draw(this.#progress);
  }

  chunkLanded(): void {
    this.#progress.chunksDone += 1;
    this.#bar.draw(this.#progress);
  }

  stepEnded({ step, outcome }: StepAttempt): void {
    if (step === 'DownloadSegment' && outcome === 'failed') this.#progress.retries += 1;
  }

  stop(): void {
    this.#bar.stop();
  }
}
