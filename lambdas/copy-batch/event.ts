import { z } from 'zod';
import { listedFileSchema } from '../../folder/run/folder-run.ts';
import { between, executionId } from '../../transfer/contracts.ts';

const count = between(0, Number.MAX_SAFE_INTEGER, 'files');

/** What is left of a batch; in the state of the execution it shrinks from worker to worker. */
const batchProgressSchema = z.object({
  /** Places in the batch of the files that no worker has begun; null before the first one. */
  left: z.array(count).nullable(),
});

export const copyBatchEventSchema = z.object({
  execution_id: executionId,
  run_id: z.string().min(1),
  batch: z.object({
    number: between(1, Number.MAX_SAFE_INTEGER, 'as a number'),
    files: z.array(listedFileSchema),
  }),
  progress: batchProgressSchema,
});
export type CopyBatchEvent = z.infer<typeof copyBatchEventSchema>;

/** What CopyBatch returns. */
export interface BatchProgress {
  left: number[];
  is_done: boolean;
  landed: number;
  failed: number;
  logins: number;
}
