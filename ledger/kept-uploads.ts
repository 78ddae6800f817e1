import { type Decision, put, type Row, type Transition, unchanged, without } from './decision.ts';
import type { LedgerError } from './entry.ts';
import type { RowStore } from './row-store.ts';

/** Who goes on with an upload: nobody else may. */
export interface UploadClaim {
  execution: string;
  sinceMs: number;
  /** Of a transfer on one machine, which renews it; one on AWS is asked for at Step Functions. */
  untilMs?: number;
  /** The same: its process on that machine. */
  processId?: number;
}

const REMOVAL = 'removal:';

/** How whoever removes an upload names itself in its claim, where an execution names itself by its ARN. */
export function removalName(id: string): string {
  return `${REMOVAL}${id}`;
}

export function isRemoval(holder: string): boolean {
  return holder.startsWith(REMOVAL);
}

/** The execution that has worked on it last, and that a resume goes on with. */
export function lastExecutionOf({ executions, firstExecution }: KeptUpload): string {
  return executions.findLast((execution) => !isRemoval(execution)) ?? firstExecution;
}

/** A multipart upload that is neither completed nor aborted, and what it takes to go on with it. */
export interface KeptUpload extends Row {
  uploadId: string;
  bucket: string;
  key: string;
  /** Absolute, on the partner's server. */
  path: string;
  sizeBytes: number;
  /** ISO 8601, whole seconds. */
  modifiedAt: string;
  chunkSizeBytes: number;
  chunkCount: number;
  /** As the upload was started with it: S3 does not show it before the object is made. */
  objectMetadata: Record<string, string>;
  firstExecution: string;
  /** All that have worked on it; the newest last. */
  executions: string[];
  /** When it was started, or before. Milliseconds since 1970-01-01 UTC, as `keepUntilMs`. */
  startedAtMs: number;
  keepUntilMs: number;
  /** As ListParts showed them at the last failure. */
  finishedParts: number;
  finishedBytes: number;
  /** Of the last failure. */
  error?: LedgerError;
  claim?: UploadClaim;
}

/** What is known of an upload when it is kept; what earlier executions wrote stays. */
export type UploadToKeep = Omit<KeptUpload, 'revision' | 'firstExecution' | 'executions' | 'claim'> & {
  execution: string;
};

export type ClaimOfUpload =
  | { claimed: true; upload: KeptUpload }
  /** `holder` is undefined where there is no such upload. */
  | { claimed: false; holder: UploadClaim | undefined };

/**
 * The uploads of one partner whose parts are kept. They are few: whoever looks for one reads all.
 *
 * All methods throw LedgerUnavailableError when the store does not answer; the same call again is safe.
 */
export interface KeptUploads {
  list(signal?: AbortSignal): AsyncIterable<KeptUpload>;
  /** Writes it down, free for a resume or claimed. What an earlier execution wrote of it stays. */
  keep(upload: UploadToKeep & { claim?: UploadClaim }, signal?: AbortSignal): Promise<KeptUpload>;
  /**
   * One of two wins. Repeated by the same execution: granted again.
   * @param request.over an execution that holds it and is known to be over
   */
  claim(
    request: { uploadId: string; claim: UploadClaim; over?: string },
    signal?: AbortSignal,
  ): Promise<ClaimOfUpload>;
  /** Gives the claim back, if `execution` has it. */
  release(request: { uploadId: string; execution: string }, signal?: AbortSignal): Promise<void>;
  /** It is completed or aborted. */
  forget(uploadId: string, signal?: AbortSignal): Promise<void>;
}

/** Kept uploads in the rows of any store. */
export function storedUploads(rows: RowStore<KeptUpload>): KeptUploads {
  return {
    list: (signal) => rows.rows(signal),
    keep: (upload, signal) => rows.apply(upload.uploadId, keepUpload(upload), signal),
    claim: (request, signal) => rows.apply(request.uploadId, claimUpload(request), signal),
    release: ({ uploadId, execution }, signal) => rows.apply(uploadId, releaseUpload(execution), signal),
    forget: (uploadId, signal) => rows.apply(uploadId, forgetUpload, signal),
  };
}

/**
 * The upload on which `execution` has worked, the newest where there are several: it began anew, because it found that
 * the older one was gone. Undefined when nothing of it is kept.
 */
export async function findKeptUpload(
  uploads: Pick<KeptUploads, 'list'>,
  execution: string,
  signal?: AbortSignal,
): Promise<KeptUpload | undefined> {
  let newest: KeptUpload | undefined;
  for await (const upload of uploads.list(signal)) {
    if (!upload.executions.includes(execution)) continue;
    if (newest === undefined || upload.startedAtMs > newest.startedAtMs) newest = upload;
  }
  return newest;
}

function keepUpload({
  execution,
  ...upload
}: UploadToKeep & { claim?: UploadClaim }): Transition<KeptUpload, KeptUpload> {
  return (row, { revision }) => {
    const before = row?.executions.filter((one) => one !== execution) ?? [];
    const kept: KeptUpload = {
      ...upload,
      firstExecution: row?.firstExecution ?? execution,
      executions: [...before, execution],
      startedAtMs: Math.min(upload.startedAtMs, row?.startedAtMs ?? upload.startedAtMs),
      revision,
    };
    return put(kept, kept);
  };
}

function claimUpload({
  claim,
  over,
}: {
  claim: UploadClaim;
  over?: string;
}): Transition<KeptUpload, ClaimOfUpload> {
  return (row, { revision }) => {
    if (row === undefined) return unchanged({ claimed: false, holder: undefined });
    const holder = row.claim;
    if (holder !== undefined && holder.execution !== claim.execution && holder.execution !== over) {
      return unchanged({ claimed: false, holder });
    }
    const others = row.executions.filter((one) => one !== claim.execution);
    const upload: KeptUpload = { ...row, claim, executions: [...others, claim.execution], revision };
    return put(upload, { claimed: true, upload });
  };
}

function releaseUpload(execution: string): Transition<KeptUpload, void> {
  return (row, { revision }) => {
    if (row?.claim?.execution !== execution) return unchanged(undefined);
    return put({ ...without(row, 'claim'), revision }, undefined);
  };
}

function forgetUpload(row: KeptUpload | undefined): Decision<KeptUpload, void> {
  return row === undefined ? unchanged(undefined) : { write: 'delete', result: undefined };
}
