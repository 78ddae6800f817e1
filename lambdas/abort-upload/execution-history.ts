import type { MultipartUpload } from '../../s3/ports.ts';
import type { PlannedTransfer } from '../../transfer/contracts.ts';

/** What the history of an execution shows of its upload. */
export interface HistoricUpload {
  upload: MultipartUpload;
  /** What it takes to go on with it; absent where the history does not show it. */
  plan?: { file: PlannedTransfer; chunkSizeBytes: number; chunkCount: number; startedAtMs: number };
}

/** Finds, in the history of an execution, the multipart upload that it worked on last. */
export interface ExecutionHistory {
  /** Undefined when the execution started none, and went on with none. */
  findUpload(executionArn: string, signal: AbortSignal): Promise<MultipartUpload | undefined>;
}

/** The same with what it takes to keep the upload. */
export interface KeepingHistory {
  findPlannedUpload(executionArn: string, signal: AbortSignal): Promise<HistoricUpload | undefined>;
  /** The error with which it failed; undefined where it did not. */
  findError(executionArn: string, signal: AbortSignal): Promise<string | undefined>;
}
