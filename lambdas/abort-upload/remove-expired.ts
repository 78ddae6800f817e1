import type { KeptUploads, UploadClaim } from '../../ledger/kept-uploads.ts';
import { type AbortPorts, abortUntilGone } from '../shared/upload/abort-until-gone.ts';

export interface ExpiryPorts extends AbortPorts {
  uploads: KeptUploads;
  /** Whether its holder is over. What it throws counts as a failure of this upload. */
  isOver(claim: UploadClaim, signal: AbortSignal): Promise<boolean>;
  claimOf(execution: string): UploadClaim;
}

/** What became of the kept uploads whose time is over. */
export interface ExpiredUploads {
  aborted_uploads: number;
  /** S3 or the ledger failed for these; the next run tries again. */
  failed_uploads: number;
}

/**
 * Aborts the kept uploads whose time is over and that nobody resumes. The bucket's lifecycle rule is only the backstop:
 * it knows nothing of what was promised, and comes days later.
 * @param run names this run, in the claim that keeps a resume from beginning meanwhile
 * @throws LedgerUnavailableError when the uploads cannot be listed
 */
export async function removeExpired(
  run: string,
  ports: ExpiryPorts,
  signal: AbortSignal,
): Promise<ExpiredUploads> {
  const { clock, telemetry, uploads } = ports;
  const result: ExpiredUploads = { aborted_uploads: 0, failed_uploads: 0 };
  for await (const kept of uploads.list(signal)) {
    if (kept.keepUntilMs > clock.nowMs()) continue;
    const { bucket, key, uploadId, claim } = kept;
    try {
      // Its own claim is that of an earlier try of this run, whose time was up.
      const isOurs = claim?.execution === run;
      if (claim !== undefined && !isOurs && !(await ports.isOver(claim, signal))) continue;
      const over = claim === undefined ? {} : { over: claim.execution };
      const { claimed } = await uploads.claim({ uploadId, claim: ports.claimOf(run), ...over }, signal);
      if (!claimed) continue;
      await abortUntilGone({ bucket, key, uploadId }, ports, signal);
      await uploads.forget(uploadId, signal);
      result.aborted_uploads += 1;
      telemetry.info('kept parts have expired', { bucket, key, path: kept.path });
    } catch (error) {
      signal.throwIfAborted();
      result.failed_uploads += 1;
      telemetry.warn('kept parts could not be removed', { bucket, key, cause: (error as Error).message });
      // Else its repetition would wait for this very claim. Where that fails, too, the claim ends by itself.
      await uploads.release({ uploadId, execution: run }, signal).catch(() => {});
    }
  }
  return result;
}
