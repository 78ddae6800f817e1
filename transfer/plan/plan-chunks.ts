import type { Chunk } from '../contracts.ts';
import { InvalidTransferRequestError } from '../errors.ts';
import { S3_MAX_PART_SIZE_BYTES, S3_MAX_PARTS } from '../limits.ts';
import { MIB } from '../text/units.ts';

/** 48.8 TiB. */
export const MAX_FILE_SIZE_BYTES = S3_MAX_PARTS * S3_MAX_PART_SIZE_BYTES;

/** How a file is cut: every chunk but the last has `chunkSizeBytes`. */
export interface ChunkGrid {
  sizeBytes: number;
  chunkSizeBytes: number;
}

/**
 * Chooses the size of a file's chunks. The requested one is raised, in whole MiB, until S3's 10,000 parts are enough.
 * A file of no bytes has one empty chunk, because a multipart upload needs a part.
 * @throws InvalidTransferRequestError if the file cannot fit
 */
export function planChunks({ sizeBytes, chunkSizeBytes: requestedBytes }: ChunkGrid): {
  chunkSizeBytes: number;
  chunkCount: number;
} {
  if (sizeBytes > MAX_FILE_SIZE_BYTES) {
    throw new InvalidTransferRequestError(
      'size_bytes',
      sizeBytes,
      `${S3_MAX_PARTS} parts of ${S3_MAX_PART_SIZE_BYTES} bytes hold at most ${MAX_FILE_SIZE_BYTES} bytes: ` +
        `the file is ${sizeBytes - MAX_FILE_SIZE_BYTES} bytes too large`,
    );
  }
  const smallestFittingBytes = Math.ceil(sizeBytes / S3_MAX_PARTS / MIB) * MIB;
  const chunkSizeBytes = Math.max(requestedBytes, smallestFittingBytes);
  return { chunkSizeBytes, chunkCount: Math.max(1, Math.ceil(sizeBytes / chunkSizeBytes)) };
}

/** The chunk of this number, counted from 1. Chunk lists are never made: this is arithmetic. */
export function chunkAt({ sizeBytes, chunkSizeBytes }: ChunkGrid, chunkNumber: number): Chunk {
  const startByte = (chunkNumber - 1) * chunkSizeBytes;
  return {
    chunk_number: chunkNumber,
    start_byte: startByte,
    end_byte: Math.min(startByte + chunkSizeBytes, sizeBytes),
  };
}
