import type { KeptUpload } from '../../../ledger/kept-uploads.ts';
import type { ListedPipeline } from '../list-transfers.ts';
import type { UploadsOfWorkflow } from './kept-uploads.ts';

/** An upload whose parts are kept, in a list of many. */
export interface ListedKept {
  /** How the list calls the pipeline. */
  partner: string;
  upload: KeptUpload;
}

export interface KeptList {
  kept: ListedKept[];
  /** Partners of whom it could not be learnt. */
  unknown: { partner: string; reason: string }[];
}

/** What is kept of all the pipelines together; what is removed first comes first. */
export async function listKept(
  pipelines: readonly ListedPipeline[],
  uploadsOf: UploadsOfWorkflow,
  signal?: AbortSignal,
): Promise<KeptList> {
  const list: KeptList = { kept: [], unknown: [] };
  for (const { label: partner, stateMachineArn } of pipelines) {
    try {
      for await (const upload of uploadsOf(stateMachineArn).list(signal)) list.kept.push({ partner, upload });
    } catch (error) {
      signal?.throwIfAborted();
      // Whoever may only see executions still sees those.
      list.unknown.push({ partner, reason: error instanceof Error ? error.message : String(error) });
    }
  }
  list.kept.sort((one, other) => one.upload.keepUntilMs - other.upload.keepUntilMs);
  return list;
}
