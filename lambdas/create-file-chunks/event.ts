import { z } from 'zod';
import { executionId, plannedTransferSchema } from '../../transfer/contracts.ts';

export const createFileChunksEventSchema = z.object({
  execution_id: executionId,
  file: plannedTransferSchema,
});
export type CreateFileChunksEvent = z.infer<typeof createFileChunksEventSchema>;
