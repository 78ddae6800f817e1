import { Presets, SingleBar } from 'cli-progress';
import { formatSize } from '../format/sizes.ts';
import { formatDuration } from './rate-meter.ts';

/** How far a transfer is, wherever it runs. */
export interface TransferProgress {
  doneBytes: number;
  sizeBytes: number;
  /** 0 while nothing is known. */
  bytesPerSecond: number;
  chunksDone: number;
  /** Undefined before the chunks are planned. */
  chunkCount: number | undefined;
  /** Attempts after a failure. */
  retries: number;
}

/** Bytes, rate, time to go, chunks and retries of one transfer, drawn on the terminal's stderr. */
export class TransferBar {
  readonly #bar = new SingleBar(
    {
      format: '{bar} {percentage}% | {done} of {size} | {rate}/s | {toGo} | chunks {chunks}{retries}',
      stream: process.stderr,
      fps: 5,
      hideCursor: true,
    },
    Presets.shades_classic,
  );

  draw(progress: TransferProgress): void {
    const { doneBytes, sizeBytes } = progress;
    const total = Math.max(1, sizeBytes);
    const value = sizeBytes === 0 ? progress.chunksDone : doneBytes;
    if (this.#bar.isActive) this.#bar.update(value, wordsOf(progress));
    else this.#bar.start(total, value, wordsOf(progress));
  }

  stop(): void {
    this.#bar.stop();
  }
}

function wordsOf({
  doneBytes,
  sizeBytes,
  bytesPerSecond,
  chunksDone,
  chunkCount,
  retries,
}: TransferProgress): Record<string, string> {
  return {
    done: formatSize(doneBytes),
    size: formatSize(sizeBytes),
    rate: formatSize(Math.round(bytesPerSecond)),
    toGo: `${formatDuration((sizeBytes - doneBytes) / bytesPerSecond)} to go`,
    chunks: `${chunksDone}/${chunkCount ?? '?'}`,
    retries: retries === 0 ? '' : ` | retries ${retries}`,
  };
}
