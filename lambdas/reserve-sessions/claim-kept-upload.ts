import {
  findKeptUpload,
  isRemoval,
  type KeptUpload,
  type KeptUploads,
  type UploadClaim,
} from '../../ledger/kept-uploads.ts';
import type { KeptUploadPlan } from '../../transfer/contracts.ts';
import { InvalidTransferRequestError, ResumeInProgressError } from '../../transfer/errors.ts';

export interface UploadClaimPorts {
  uploads: Pick<KeptUploads, 'list' | 'claim'>;
  /** Whether its holder is over; false where that cannot be learnt now. */
  isOver(claim: UploadClaim, signal: AbortSignal): Promise<boolean>;
  claimOf(execution: string): UploadClaim;
}

/**
 * Claims the upload that an earlier execution left, so that nobody else goes on with it.
 * @param resumed undefined where the request resumes nothing
 * @throws InvalidTransferRequestError when nothing of that execution is kept; ResumeInProgressError when another
 *   execution goes on with it
 */
export async function claimKeptUpload(
  resumed: string | undefined,
  execution: string,
  ports: UploadClaimPorts | undefined,
  signal: AbortSignal,
): Promise<KeptUploadPlan | undefined> {
  if (resumed === undefined) return undefined;
  if (ports === undefined) throw nothingIsKept(resumed, 'keepPartsDays is 0, so no parts are kept');
  const kept = await findKeptUpload(ports.uploads, resumed, signal);
  if (kept === undefined) throw nothingIsKept(resumed, 'nothing of it is kept: start the transfer anew');
  const request = { uploadId: kept.uploadId, claim: ports.claimOf(execution) };
  let answer = await ports.uploads.claim(request, signal);
  if (!answer.claimed && answer.holder !== undefined && (await ports.isOver(answer.holder, signal))) {
    answer = await ports.uploads.claim({ ...request, over: answer.holder.execution }, signal);
  }
  if (answer.claimed) return planOf(answer.upload);
  if (answer.holder === undefined) throw nothingIsKept(resumed, 'its upload has just ended');
  if (isRemoval(answer.holder.execution))
    throw nothingIsKept(resumed, 'its kept parts are just being removed: start the transfer anew');
  throw new ResumeInProgressError(
    `${answer.holder.execution} goes on with the upload of ${resumed} since ` +
      `${new Date(answer.holder.sinceMs).toISOString()}: follow that one`,
  );
}

function nothingIsKept(resumed: string, bound: string): InvalidTransferRequestError {
  return new InvalidTransferRequestError('resume_execution', resumed, bound);
}

function planOf(upload: KeptUpload): KeptUploadPlan {
  return {
    upload_id: upload.uploadId,
    bucket: upload.bucket,
    key: upload.key,
    path: upload.path,
    size_bytes: upload.sizeBytes,
    modified_at: upload.modifiedAt,
    chunk_size_bytes: upload.chunkSizeBytes,
    chunk_count: upload.chunkCount,
    object_metadata: upload.objectMetadata,
  };
}
