import type { SegmentProgress } from '../../transfer/contracts.ts';
import { type ChunkGrid, chunkAt } from '../../transfer/plan/plan-chunks.ts';
import type { TimelineAttempt, TimelineChunk } from './transfer-timeline.ts';

/** An attempt at a state as its source has it; `segmentNumber` only where the state works on a segment. */
export type AttemptFact = TimelineAttempt & { segmentNumber?: number; progress?: SegmentProgress };

/**
 * The chunks that the workers of all segments copied, by number. A worker that succeeded lists them with their times. A
 * worker that failed says nothing; what it had brought to S3 is what the next worker of its segment passed over, and is
 * spread evenly over its time.
 * @param attempts in the order of their start
 */
export function chunksOfSegments(attempts: readonly AttemptFact[], grid: ChunkGrid): TimelineChunk[] {
  const chunks = new Map<number, TimelineChunk>();
  const failed = new Map<number, AttemptFact>();
  for (const attempt of attempts) {
    const { progress, segmentNumber = 0 } = attempt;
    if (progress === undefined) {
      failed.set(segmentNumber, attempt);
      continue;
    }
    const before = failed.get(segmentNumber);
    if (before !== undefined) {
      for (const chunk of spread(progress.skipped, before, grid)) {
        if (!chunks.has(chunk.number)) chunks.set(chunk.number, chunk);
      }
      failed.delete(segmentNumber);
    }
    for (const [number, startedMs, endedMs, sftpMs, s3Ms] of progress.copied) {
      chunks.set(number, {
        ...place(number, segmentNumber, grid),
        startedAtMs: progress.started_at_ms + startedMs,
        endedAtMs: progress.started_at_ms + endedMs,
        waits: { sftpMs, s3Ms },
      });
    }
  }
  return [...chunks.values()].sort((a, b) => a.number - b.number);
}

function spread(
  runs: readonly (readonly [first: number, last: number])[],
  { startedAtMs, endedAtMs, segmentNumber = 0 }: AttemptFact,
  grid: ChunkGrid,
): TimelineChunk[] {
  const numbers = runs.flatMap(([first, last]) =>
    Array.from({ length: last - first + 1 }, (_, index) => first + index),
  );
  const eachMs = (endedAtMs - startedAtMs) / numbers.length;
  return numbers.map((number, index) => ({
    ...place(number, segmentNumber, grid),
    startedAtMs: startedAtMs + index * eachMs,
    endedAtMs: startedAtMs + (index + 1) * eachMs,
  }));
}

function place(number: number, segmentNumber: number, grid: ChunkGrid) {
  const { start_byte: startByte, end_byte: endByte } = chunkAt(grid, number);
  return { number, segmentNumber, startByte, sizeBytes: endByte - startByte };
}
