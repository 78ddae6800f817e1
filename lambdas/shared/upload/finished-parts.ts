import type { UploadedPart } from '../../../s3/ports.ts';
import { type ChunkGrid, chunkAt } from '../../../transfer/plan/plan-chunks.ts';

/**
 * The parts that are finished chunks of this plan, in the order of their numbers: of the planned size, with a CRC64NVME,
 * which S3 has computed from what it received. A part without one proves nothing, and its chunk is read again.
 */
export function finishedParts(
  parts: readonly UploadedPart[],
  grid: ChunkGrid,
  chunkCount: number,
): (UploadedPart & { checksumCrc64Nvme: string })[] {
  return parts.flatMap((part) => {
    const { checksumCrc64Nvme, partNumber, sizeBytes } = part;
    if (checksumCrc64Nvme === undefined || partNumber > chunkCount) return [];
    const chunk = chunkAt(grid, partNumber);
    return sizeBytes === chunk.end_byte - chunk.start_byte ? [{ ...part, checksumCrc64Nvme }] : [];
  });
}
