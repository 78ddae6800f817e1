import { z } from 'zod';
import { deployedFolderSchema } from '../../folder/run/deployed-folder.ts';
import { folderRunRequestSchema } from '../../folder/run/folder-run.ts';
import { executionId } from '../../transfer/contracts.ts';

export const listFolderEventSchema = z.object({
  execution_id: executionId,
  /** When the execution was started: the same for both looks. */
  started_at: z.iso.datetime(),
  /** The execution's input. */
  request: folderRunRequestSchema,
  /** All folders of the partner, as JSON in a string: a placeholder of the workflow is one string. */
  folders: z
    .string()
    .transform((text) => JSON.parse(text) as unknown)
    .pipe(z.array(deployedFolderSchema)),
  /** 1, or 2 after the quiet time. */
  look: z.literal([1, 2]),
});
export type ListFolderEvent = z.infer<typeof listFolderEventSchema>;

/** What ListFolder returns: counts and keys, never names. */
export interface FolderListing {
  run_id: string;
  look: 1 | 2;
  /** Above 0: files must stay as they are for so long, and nothing is planned before it is listed again. */
  wait_seconds: number;
  listed: number;
  /** Files that will be copied. */
  planned: number;
  planned_bytes: number;
  batches: number;
  large_files: number;
  /** Keys in the state bucket. */
  batches_key: string;
  large_key: string;
  results_prefix: string;
  /** Sessions that the batches want. */
  sessions: number;
  max_files_at_once: number;
  /** Whether source files are moved or removed after their proof. */
  settle: boolean;
}
