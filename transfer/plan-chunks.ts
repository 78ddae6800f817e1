import type { Chunk, ChunkPlan } from './contracts.ts';
import { InvalidTransferRequestError } from './errors.ts';
import { S3_MAX_PART_SIZE_BYTES } from './limits.ts';

/** Keeps the chunk list within a state's payload and the Map within an execution's history: see statemachine/README.md. */
export const MAX_CHUNKS = 2_000;
/** 9.77 TiB. */
export const MAX_FILE_SIZE_BYTES = MAX_CHUNKS * S3_MAX_PART_SIZE_BYTES;

const MIB = 1024 ** 2;

/**
 * Cuts a file into byte ranges. The requested chunk size is raised, in whole MiB, until MAX_CHUNKS are enough.
 * A file of no bytes has one empty chunk, because a multipart upload needs a part.
 * @throws InvalidTransferRequestError if the file cannot fit
 */
export function planChunks(request: {
  sizeBytes: number;
  chunkSizeBytes: number;
  maxConcurrency: number;
}): ChunkPlan {
  const { sizeBytes, maxConcurrency } = request;
  if (sizeBytes > MAX_FILE_SIZE_BYTES) {
    throw new InvalidTransferRequestError(
      'size_bytes',
      sizeBytes,
      `${MAX_CHUNKS} chunks of ${S3_MAX_PART_SIZE_BYTES} bytes hold at most ${MAX_FILE_SIZE_BYTES} bytes: ` +
        `the file is ${sizeBytes - MAX_FILE_SIZE_BYTES} bytes too large`,
    );
  }
  const smallestFittingBytes = Math.ceil(sizeBytes / MAX_CHUNKS / MIB) * MIB;
  const chunkSizeBytes = Math.max(request.chunkSizeBytes, smallestFittingBytes);
  const chunkCount = Math.max(1, Math.ceil(sizeBytes / chunkSizeBytes));
  const chunks = Array.from({ length: chunkCount }, (_, index): Chunk => {
    const startByte = index * chunkSizeBytes;
    return {
      chunk_number: index + 1,
      start_byte: startByte,
      end_byte: Math.min(startByte + chunkSizeBytes, sizeBytes),
    };
  });
  return {
    chunk_size_bytes: chunkSizeBytes,
    chunk_count: chunkCount,
    max_concurrency: maxConcurrency,
    chunks,
  };
}
