import type { KeptUploads } from '../../ledger/kept-uploads.ts';
import type { MultipartUpload } from '../../s3/ports.ts';
import { systemClock } from '../../transfer/clock.ts';
import type { ChunkPlan, PlannedTransfer } from '../../transfer/contracts.ts';
import { DAY_MS } from '../../transfer/keep-parts.ts';
import type { Telemetry } from '../../transfer/telemetry.ts';
import { CLAIM_MS, isLocalClaimOver, localClaim } from './local-claims.ts';

/** Where transfers on this machine write down their unfinished uploads, and what becomes of those that fail. */
export interface KeepingParts {
  uploads: KeptUploads;
  /** As the setting of a partner: 0 removes the parts of a transfer that fails. */
  keepPartsDays: number;
  /** What goes on with an upload, for people. */
  resumeCommand: string;
}

/** A transfer that is killed keeps its parts whatever was asked for: nobody was there to remove them. */
const KEEP_KILLED_DAYS = 7;

/**
 * Writes down the upload of one transfer on this machine before its first part, so that what a killed process leaves is
 * found again. On AWS the execution's history does that.
 */
export class UploadKeeper {
  readonly #execution: string;
  readonly #keeping: KeepingParts;
  readonly #telemetry: Telemetry;
  #uploadId: string | undefined;
  #renewal: NodeJS.Timeout | undefined;

  constructor(execution: string, keeping: KeepingParts, telemetry: Telemetry) {
    this.#execution = execution;
    this.#keeping = keeping;
    this.#telemetry = telemetry;
  }

  /** For the steps that claim an upload, or remove those that have expired. */
  get claiming() {
    return {
      uploads: this.#keeping.uploads,
      claimOf: (execution: string) => localClaim(execution, systemClock.nowMs()),
      isOver: async (claim: Parameters<typeof isLocalClaimOver>[0]) =>
        isLocalClaimOver(claim, systemClock.nowMs()),
    };
  }

  /** A new upload. Where it cannot be written down the transfer goes on, and cannot be resumed if it is killed. */
  async started(upload: MultipartUpload, file: PlannedTransfer, plan: ChunkPlan): Promise<void> {
    const nowMs = systemClock.nowMs();
    const written = this.#keeping.uploads.keep({
      uploadId: upload.uploadId,
      bucket: upload.bucket,
      key: upload.key,
      path: file.path,
      sizeBytes: file.size_bytes,
      modifiedAt: file.modified_at,
      chunkSizeBytes: plan.chunk_size_bytes,
      chunkCount: plan.chunk_count,
      objectMetadata: file.object_metadata,
      execution: this.#execution,
      startedAtMs: nowMs,
      keepUntilMs: nowMs + Math.max(this.#keeping.keepPartsDays, KEEP_KILLED_DAYS) * DAY_MS,
      finishedParts: 0,
      finishedBytes: 0,
      claim: localClaim(this.#execution, nowMs),
    });
    try {
      await written;
      this.adopted(upload.uploadId);
    } catch (error) {
      this.#telemetry.warn('the upload was not written down', { cause: (error as Error).message });
    }
  }

  /** An upload that is claimed already: the claim is renewed from now on. */
  adopted(uploadId: string): void {
    this.#uploadId = uploadId;
    const { uploads } = this.#keeping;
    clearInterval(this.#renewal);
    this.#renewal = setInterval(() => {
      const claim = localClaim(this.#execution, systemClock.nowMs());
      // A claim that could not be renewed matters only if somebody resumes meanwhile; both copy the same bytes.
      uploads
        .claim({ uploadId, claim })
        .catch((error: Error) => this.#telemetry.warn('the claim was not renewed', { cause: error.message }));
    }, CLAIM_MS / 3);
    this.#renewal.unref();
  }

  /** The upload that was adopted is gone: at once, since nobody might come to `ended`. */
  async adoptedInVain(): Promise<void> {
    await this.ended(true);
    this.#uploadId = undefined;
  }

  /** The transfer is over. @param isLanded whether its upload has become the object */
  async ended(isLanded: boolean): Promise<void> {
    clearInterval(this.#renewal);
    const uploadId = this.#uploadId;
    if (uploadId === undefined) return;
    const { uploads } = this.#keeping;
    const ending = isLanded
      ? uploads.forget(uploadId)
      : uploads.release({ uploadId, execution: this.#execution });
    await ending.catch((error: Error) =>
      this.#telemetry.warn('the upload could not be struck off', { cause: error.message }),
    );
  }
}
