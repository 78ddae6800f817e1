import { z } from 'zod';
import { executionId, s3Bucket, s3Key, uploadId } from '../../transfer/contracts.ts';

/** From the workflow's Catch: everything is known. */
export const abortUploadEventSchema = z.object({
  execution_id: executionId,
  upload_id: uploadId,
  bucket: s3Bucket,
  key: s3Key,
});

/** From EventBridge, when an execution was stopped, timed out or failed: the upload is found in its history. */
const executionStatusChangeEventSchema = z.object({
  'detail-type': z.literal('Step Functions Execution Status Change'),
  detail: z.object({ executionArn: executionId, status: z.string() }),
});

/** From the same rule on its schedule, where parts are kept: those whose time is over are removed. */
const scheduledEventSchema = z.object({
  'detail-type': z.literal('Scheduled Event'),
  id: z.string(),
});

export const abortUploadRequestSchema = z.union([
  abortUploadEventSchema,
  executionStatusChangeEventSchema,
  scheduledEventSchema,
]);
export type AbortUploadRequest = z.infer<typeof abortUploadRequestSchema>;

/** What AbortUpload returns: how many uploads it removed (0 when there was none). */
export interface AbortedUpload {
  aborted_uploads: number;
}
