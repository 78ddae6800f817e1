import { z } from 'zod';
import {
  chunkSize,
  executionId,
  plannedTransferSchema,
  segmentSchema,
  uploadId,
} from '../../transfer/contracts.ts';

export const downloadSegmentEventSchema = z.object({
  execution_id: executionId,
  upload_id: uploadId,
  file: plannedTransferSchema,
  /** As planned, which may be more than the file's: see planChunks. */
  chunk_size_bytes: chunkSize,
  segment: segmentSchema,
});
export type DownloadSegmentEvent = z.infer<typeof downloadSegmentEventSchema>;
