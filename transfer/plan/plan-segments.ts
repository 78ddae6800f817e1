import type { Segment } from '../contracts.ts';

/**
 * Workers that one execution may use, over all segments: a segment that is not done when its worker's time is up needs
 * a further one. Each takes seven events of the 25,000 that an execution's history may have; with the Map's own
 * events that leaves room for about 1,900 retries (test/statemachine/limits.test.ts does the sum).
 */
export const MAX_WORKERS_PER_EXECUTION = 2_400;

/** So many workers' shares are left when a segment is cut: what one is late by, the others can take over. */
const SHARES_PER_WORKER = 2;

export interface SegmentRequest {
  /** Numbers of the chunks to be copied, ascending; the chunks in between are in S3 already. */
  chunks: readonly number[];
  maxConcurrency: number;
}

/**
 * Cuts a file's chunks into segments, one for each worker at a time: guided self-scheduling (Polychronopoulos and Kuck,
 * 1987). A segment has 1 / (2 x concurrency) of the chunks that are left, at least one: large ones first, single
 * chunks at the end, so that all workers end together whatever their speed. A single worker has nobody to wait for,
 * and gets everything.
 *
 * A segment names its first and last chunk only. Between them may lie chunks that are not to be copied: its worker
 * asks S3 and passes over them.
 */
export function planSegments({ chunks, maxConcurrency }: SegmentRequest): Segment[] {
  const sizes = segmentSizes(chunks.length, maxConcurrency);
  const further = furtherWorkers(sizes, chunks.length);
  const segments: Segment[] = [];
  const numbers = chunks[Symbol.iterator]();
  for (const [index, size] of sizes.entries()) {
    const first = take(numbers);
    let last = first;
    for (let taken = 1; taken < size; taken += 1) last = take(numbers);
    const workersLeft = 1 + (further[index] as number);
    segments.push({
      segment_number: index + 1,
      next_chunk: first,
      last_chunk: last,
      workers_left: workersLeft,
    });
  }
  return segments;
}

/** How many chunks each segment gets. */
function segmentSizes(chunkCount: number, maxConcurrency: number): number[] {
  if (maxConcurrency === 1) return chunkCount === 0 ? [] : [chunkCount];
  const sizes: number[] = [];
  for (let left = chunkCount; left > 0; ) {
    const size = Math.ceil(left / (SHARES_PER_WORKER * maxConcurrency));
    sizes.push(size);
    left -= size;
  }
  return sizes;
}

/**
 * How many workers each segment may have after its first. A worker finishes one chunk at least, so more than one for
 * each chunk is never needed; where there are not as many, each segment has its share.
 */
function furtherWorkers(sizes: readonly number[], chunkCount: number): number[] {
  const spare = MAX_WORKERS_PER_EXECUTION - sizes.length;
  const wanted = chunkCount - sizes.length;
  return sizes.map((size) => (wanted <= spare ? size - 1 : Math.floor(((size - 1) / wanted) * spare)));
}

function take(numbers: Iterator<number>): number {
  const { done, value } = numbers.next();
  if (done === true) throw new RangeError('there are fewer chunks than their length says');
  return value;
}
