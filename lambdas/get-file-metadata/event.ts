import { z } from 'zod';
import { executionId, transferRequestSchema } from '../../transfer/contracts.ts';

export const getFileMetadataEventSchema = z.object({
  execution_id: executionId,
  request: transferRequestSchema,
});
export type GetFileMetadataEvent = z.infer<typeof getFileMetadataEventSchema>;
