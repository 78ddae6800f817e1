import type { ChunkPlan } from '../../transfer/contracts.ts';
import { planChunks } from '../../transfer/plan-chunks.ts';
import type { CreateFileChunksEvent } from './event.ts';

/** Plans the chunks of the file that GetFileMetadata found. @throws InvalidTransferRequestError */
export function createFileChunks({ file }: CreateFileChunksEvent): ChunkPlan {
  return planChunks({
    sizeBytes: file.size_bytes,
    chunkSizeBytes: file.chunk_size_bytes,
    maxConcurrency: file.max_concurrency,
  });
}
