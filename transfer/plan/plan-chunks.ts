import type { Chunk } from '../contracts.ts';
import { InvalidTransferRequestError } from '../errors.ts';
import { S3_MAX_PART_SIZE_BYTES, S3_MAX_PARTS } from '../limits.ts';
import { counted } from '../text/counted.ts';
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
        `the file is ${counted(sizeBytes - MAX_FILE_SIZE_BYTES, 'byte')} too large`,
    );
  }
  const smallestFittingBytes = Math.ceil(sizeBytes / S3_MAX_PARTS / MIB) * MIB;
  const chunkSizeBytes = Math.max(requestedBytes, smallestFittingBytes);
  return { chunkSizeBytes, chunkCount: Math.max(1, Math.ceil(sizeBytes / chunkSizeBytes)) };
}

/** With fewer chunks each, the last connection at work is alone for a good part of the transfer. */
const EVEN_CHUNKS_PER_CONNECTION = 4;
/** The answer of S3 to a smaller part takes a good part of its time. */
const SMALLEST_EVEN_CHUNK_BYTES = 8 * MIB;

/**
 * A chunk size with which all connections have work until the end: at most `chunkSizeBytes`, less for a file of few
 * chunks. For transfers whose connections live over many chunks; where each costs a login, fewer chunks are better.
 */
export function evenChunkSize({ sizeBytes, chunkSizeBytes }: ChunkGrid, maxConcurrency: number): number {
  if (maxConcurrency === 1) return chunkSizeBytes;
  const evenBytes = Math.ceil(sizeBytes / (EVEN_CHUNKS_PER_CONNECTION * maxConcurrency) / MIB) * MIB;
  return Math.min(chunkSizeBytes, Math.max(evenBytes, SMALLEST_EVEN_CHUNK_BYTES));
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
