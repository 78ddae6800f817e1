import { z } from 'zod';
import { chunkSchema, executionId, fileMetadataSchema, uploadId } from '../../transfer/contracts.ts';

export const downloadChunkEventSchema = z.object({
  execution_id: executionId,
  upload_id: uploadId,
  file: fileMetadataSchema,
  chunk: chunkSchema,
});
export type DownloadChunkEvent = z.infer<typeof downloadChunkEventSchema>;
