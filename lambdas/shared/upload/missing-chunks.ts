import type { MultipartUpload, ObjectStore } from '../../../s3/ports.ts';
import type { Chunk, Segment } from '../../../transfer/contracts.ts';
import { type ChunkGrid, chunkAt } from '../../../transfer/plan/plan-chunks.ts';
import { finishedParts } from './finished-parts.ts';

/**
 * The chunks of a segment that S3 does not have yet.
 * @throws UploadGoneError | UploadFailedError
 */
export async function findMissingChunks(
  { next_chunk, last_chunk }: Pick<Segment, 'next_chunk' | 'last_chunk'>,
  grid: ChunkGrid,
  upload: MultipartUpload,
  store: Pick<ObjectStore, 'listParts'>,
  signal: AbortSignal,
): Promise<Chunk[]> {
  const parts = await store.listParts(upload, signal, { first: next_chunk, last: last_chunk });
  const finished = new Set(finishedParts(parts, grid, last_chunk).map(({ partNumber }) => partNumber));
  const missing: Chunk[] = [];
  for (let number = next_chunk; number <= last_chunk; number += 1) {
    if (!finished.has(number)) missing.push(chunkAt(grid, number));
  }
  return missing;
}

/** The chunks of a segment that are not among `missing`, as runs of first and last number. */
export function runsBetween(
  { next_chunk, last_chunk }: Pick<Segment, 'next_chunk' | 'last_chunk'>,
  missing: readonly Chunk[],
): [first: number, last: number][] {
  const runs: [number, number][] = [];
  let from = next_chunk;
  for (const { chunk_number } of [...missing, { chunk_number: last_chunk + 1 }]) {
    if (chunk_number > from) runs.push([from, chunk_number - 1]);
    from = chunk_number + 1;
  }
  return runs;
}
