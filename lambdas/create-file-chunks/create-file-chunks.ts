import type { ChunkPlan } from '../../transfer/contracts.ts';
import { planChunks } from '../../transfer/plan/plan-chunks.ts';
import { planSegments } from '../../transfer/plan/plan-segments.ts';
import type { CreateFileChunksEvent } from './event.ts';

/** Plans the chunks and segments of the file that GetFileMetadata found. @throws InvalidTransferRequestError */
export function createFileChunks({ file }: CreateFileChunksEvent): ChunkPlan {
  const { chunkCount, chunkSizeBytes } = planChunks({
    sizeBytes: file.size_bytes,
    chunkSizeBytes: file.chunk_size_bytes,
  });
  const chunks = Array.from({ length: chunkCount }, (_, index) => index + 1);
  return {
    chunk_size_bytes: chunkSizeBytes,
    chunk_count: chunkCount,
    max_concurrency: file.max_concurrency,
    segments: planSegments({ chunks, maxConcurrency: file.max_concurrency }),
  };
}
