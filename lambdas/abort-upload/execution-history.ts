import type { MultipartUpload } from '../../s3/ports.ts';

/** Finds, in the history of an execution, the multipart upload that it started. */
export interface ExecutionHistory {
  /** Undefined when the execution started none. */
  findUpload(executionArn: string, signal: AbortSignal): Promise<MultipartUpload | undefined>;
}
