import { z } from 'zod';
import { executionId, keptUploadSchema, plannedTransferSchema } from '../../transfer/contracts.ts';

export const resumeUploadEventSchema = z.object({
  execution_id: executionId,
  /** As GetFileMetadata finds the file now. */
  file: plannedTransferSchema,
  /** As ReserveSessions has claimed it. */
  kept_upload: keptUploadSchema,
});
export type ResumeUploadEvent = z.infer<typeof resumeUploadEventSchema>;
