import { z } from 'zod';
import { chunkSchema, executionId, plannedTransferSchema, uploadId } from '../../transfer/contracts.ts';

export const downloadChunkEventSchema = z.object({
  execution_id: executionId,
  upload_id: uploadId,
  file: plannedTransferSchema,
  chunk: chunkSchema,
});
export type DownloadChunkEvent = z.infer<typeof downloadChunkEventSchema>;
