import { z } from 'zod';
import {
  between,
  chunkSize,
  executionId,
  plannedTransferSchema,
  uploadId,
} from '../../transfer/contracts.ts';
import { S3_MAX_PARTS } from '../../transfer/limits.ts';

export const keepPartsEventSchema = z.object({
  execution_id: executionId,
  /** Of the execution: its upload is not older. */
  started_at: z.iso.datetime({ offset: true }),
  upload_id: uploadId,
  file: plannedTransferSchema,
  chunk_size_bytes: chunkSize,
  chunk_count: between(1, S3_MAX_PARTS, 'chunks'),
  /** As the Catch got it: why the transfer fails. */
  error: z.object({ Error: z.string(), Cause: z.string() }),
});
export type KeepPartsEvent = z.infer<typeof keepPartsEventSchema>;

/** What KeepParts returns: the first error, whose cause now says what is kept and how to go on. */
export interface KeptParts {
  error: string;
  cause: string;
  kept_parts: number;
  kept_bytes: number;
  /** ISO 8601. */
  keep_until: string;
}
