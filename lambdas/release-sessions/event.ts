import { z } from 'zod';
import { executionId, uploadId } from '../../transfer/contracts.ts';

export const releaseSessionsEventSchema = z.object({
  execution_id: executionId,
  /** The workflow's state: what is in it shows whether a function may still hold a session. */
  transfer: z
    .object({
      upload: z.unknown().optional(),
      object: z.unknown().optional(),
      /** A kept upload that it has claimed is given back, too; `resumed` shows whether it still exists. */
      sessions: z.object({ kept_upload: z.object({ upload_id: uploadId }).optional() }).optional(),
      resumed: z.object({ started_anew: z.string().optional() }).optional(),
    })
    .optional(),
  /** The state of the folder workflow, by which the same is judged. */
  run: z.object({ phase: z.object({ name: z.string() }), error: z.unknown().optional() }).optional(),
});
export type ReleaseSessionsEvent = z.infer<typeof releaseSessionsEventSchema>;

/** What ReleaseSessions returns. */
export interface ReleasedSessions {
  /** 0 where the execution held none. */
  released: number;
  /** Until they are free for others; 0 where no function can hold one. */
  free_after_seconds: number;
}
