import { z } from 'zod';
import {
  between,
  chunkSize,
  executionId,
  plannedTransferSchema,
  uploadId,
} from '../../transfer/contracts.ts';
import { S3_MAX_PARTS } from '../../transfer/limits.ts';

export const completeUploadEventSchema = z.object({
  execution_id: executionId,
  upload_id: uploadId,
  file: plannedTransferSchema,
  chunk_size_bytes: chunkSize,
  chunk_count: between(1, S3_MAX_PARTS, 'chunks'),
});
export type CompleteUploadEvent = z.infer<typeof completeUploadEventSchema>;
