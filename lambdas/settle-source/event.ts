import { z } from 'zod';
import { executionId } from '../../transfer/contracts.ts';

export const settleSourceEventSchema = z.object({
  execution_id: executionId,
  run_id: z.string().min(1),
  /** What an earlier worker of the run did last; null for the first one. */
  after: z.string().nullable(),
});
export type SettleSourceEvent = z.infer<typeof settleSourceEventSchema>;

/** What SettleSource returns. */
export interface SettledSources {
  is_done: boolean;
  /** The next worker goes on after this path. */
  after: string | null;
  settled: number;
  /** Sources that stay where they are, each with its reason in the ledger. */
  left: number;
}
