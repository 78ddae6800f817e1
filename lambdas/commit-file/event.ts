import { z } from 'zod';
import { completedTransferSchema } from '../../transfer/contracts.ts';
import { claimFileEventSchema } from '../claim-file/event.ts';

export const commitFileEventSchema = claimFileEventSchema.extend({
  claim: z.object({ owner: z.string().min(1), generation: z.int(), key: z.string().min(1) }),
  /** Of a transfer that landed. */
  transfer: z.object({ object: completedTransferSchema }).optional(),
  /** Of one that failed, as Step Functions shows it. */
  error: z.object({ Error: z.string(), Cause: z.string().optional() }).optional(),
});
export type CommitFileEvent = z.infer<typeof commitFileEventSchema>;

/** What CommitFile returns. */
export interface CommittedFile {
  status: string;
}
