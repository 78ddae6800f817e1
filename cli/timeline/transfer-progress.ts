import type { TransferProgress } from '../terminal/progress-line.ts';
import { figuresOf } from './figures.ts';
import type { TransferTimeline } from './transfer-timeline.ts';

/** The rate is that of the chunks that landed in this time: a chunk counts when it has landed, not while it flows. */
const RATE_WINDOW_MS = 2 * 60_000;

/** How far a transfer is, by what its history shows; undefined before its file is known. */
export function progressOf(timeline: TransferTimeline): TransferProgress | undefined {
  const { file, plan } = timeline;
  if (file === undefined) return undefined;
  const { landedBytes, landedChunks, retries } = figuresOf(timeline);
  return {
    doneBytes: landedBytes,
    sizeBytes: file.sizeBytes,
    bytesPerSecond: recentRate(timeline),
    chunksDone: landedChunks,
    chunkCount: plan?.chunkCount,
    retries,
  };
}

/** Bytes a second of what landed lately, from the first chunk's start on. */
function recentRate({ chunks, endedAtMs }: TransferTimeline): number {
  const firstStartMs = chunks.reduce((first, { startedAtMs }) => Math.min(first, startedAtMs), Infinity);
  const fromMs = Math.max(firstStartMs, endedAtMs - RATE_WINDOW_MS);
  const landedBytes = chunks
    .filter(({ endedAtMs: landedAtMs }) => landedAtMs >= fromMs)
    .reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  return landedBytes === 0 ? 0 : (landedBytes * 1000) / Math.max(endedAtMs - fromMs, 1);
}
