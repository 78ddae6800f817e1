import { z } from 'zod';
import { listedFileSchema } from '../../folder/run/folder-run.ts';
import { between, executionId, type TransferRequest } from '../../transfer/contracts.ts';

export const claimFileEventSchema = z.object({
  execution_id: executionId,
  run_id: z.string().min(1),
  number: between(1, Number.MAX_SAFE_INTEGER, 'as a number'),
  file: listedFileSchema,
});
export type ClaimFileEvent = z.infer<typeof claimFileEventSchema>;

/** What ClaimFile returns. */
export interface ClaimedTransfer {
  /** False where nothing is to be copied: its outcome is noted. */
  is_claimed: boolean;
  owner: string;
  generation: number;
  key: string;
  /** The execution of the transfer workflow that is to copy it. */
  name: string;
  input: TransferRequest | null;
}
