import { z } from 'zod';
import { executionId } from '../../transfer/contracts.ts';

const count = z.int().min(0);

export const summariseRunEventSchema = z.object({
  execution_id: executionId,
  /** The workflow's state. */
  run: z.object({
    request: z.object({ folder: z.string() }),
    listing: z.object({ run_id: z.string(), listed: count, planned: count }),
    settled: z.object({ left: count }).optional(),
    settle_error: z.object({ Error: z.string() }).optional(),
  }),
});
export type SummariseRunEvent = z.infer<typeof summariseRunEventSchema>;

/** The output of a folder's execution. */
export interface RunSummary {
  folder: string;
  run_id: string;
  /** Entries of the listing. */
  listed: number;
  copied: number;
  /** Landed by another run meanwhile. */
  already_landed: number;
  /** Changed, vanished or claimed by another run since the listing: a later run looks again. */
  not_ready: number;
  failed: number;
  bytes: number;
  /** Sources that could not be moved or removed. */
  sources_left: number;
  /** Why sources were not even tried; null where they were. */
  settle_error: string | null;
  seconds: number;
}
