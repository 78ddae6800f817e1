import { randomUUID } from 'node:crypto';
import { type AbortPorts, abortUntilGone } from '../../lambdas/shared/upload/abort-until-gone.ts';
import { findKeptUpload, type KeptUpload, type KeptUploads, removalName } from '../../ledger/kept-uploads.ts';
import { isClaimOver, removalsClaim } from '../../ledger/upload-claims.ts';

export interface RemovalPorts extends AbortPorts {
  uploads: KeptUploads;
  /** Undefined while the execution runs. */
  endOf(execution: string): Promise<unknown>;
}

export type Removal =
  /** Nothing of the execution is kept. */
  | { outcome: 'none' }
  /** Another execution goes on with it, or somebody else removes it. */
  | { outcome: 'in use'; holder: string }
  | { outcome: 'removed'; upload: KeptUpload }
  /** The parts may be there. */
  | { outcome: 'failed'; upload: KeptUpload; reason: string };

/**
 * Aborts the upload whose parts were kept of an execution, until S3 no longer has it, and strikes it off. Nobody can
 * resume it meanwhile.
 * @throws LedgerUnavailableError | InvalidTransferRequestError
 */
export async function removeKept(
  execution: string,
  ports: RemovalPorts,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<Removal> {
  const { clock, endOf, uploads } = ports;
  const upload = await findKeptUpload(uploads, execution, signal);
  if (upload === undefined) return { outcome: 'none' };
  const { bucket, claim: holder, key, uploadId } = upload;
  if (holder !== undefined && !(await isClaimOver(holder, clock.nowMs(), endOf)))
    return { outcome: 'in use', holder: holder.execution };
  const claim = removalsClaim(removalName(randomUUID()), clock.nowMs());
  const over = holder === undefined ? {} : { over: holder.execution };
  const answer = await uploads.claim({ uploadId, claim, ...over }, signal);
  if (!answer.claimed)
    return answer.holder === undefined
      ? { outcome: 'none' }
      : { outcome: 'in use', holder: answer.holder.execution };
  try {
    const bounded = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
    await abortUntilGone({ bucket, key, uploadId }, ports, bounded);
    await uploads.forget(uploadId, signal);
    return { outcome: 'removed', upload };
  } catch (error) {
    // Where that fails as well, the claim ends by itself.
    await uploads.release({ uploadId, execution: claim.execution }).catch(() => {});
    signal.throwIfAborted();
    return { outcome: 'failed', upload, reason: error instanceof Error ? error.message : String(error) };
  }
}
