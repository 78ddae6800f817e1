import { z } from 'zod';
import { between, executionId, transferRequestSchema } from '../../transfer/contracts.ts';

export const getFileMetadataEventSchema = z.object({
  execution_id: executionId,
  request: transferRequestSchema,
  /** By ReserveSessions; absent in executions that were started before it was there. */
  granted_sessions: between(1, Number.MAX_SAFE_INTEGER, 'sessions').optional(),
});
export type GetFileMetadataEvent = z.infer<typeof getFileMetadataEventSchema>;
