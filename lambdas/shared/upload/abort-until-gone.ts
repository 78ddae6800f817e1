import type { MultipartUpload, ObjectStore } from '../../../s3/ports.ts';
import type { Clock } from '../../../transfer/clock.ts';
import { UploadFailedError, UploadGoneError } from '../../../transfer/errors.ts';
import type { Telemetry } from '../../../transfer/telemetry.ts';
import { counted } from '../../../transfer/text/counted.ts';

/** A chunk that is still uploading when the abort comes can land a part afterwards; between two polls we wait so long. */
export const ABORT_RECHECK_DELAY_MS = 2_000;

/**
 * A store that still has the upload after so long does not remove it. Below the time of the function that aborts, so
 * that it is this error that is seen.
 */
const ABORT_PATIENCE_MS = 120_000;

export interface AbortPorts {
  store: Pick<ObjectStore, 'abortMultipartUpload' | 'listParts'>;
  clock: Clock;
  telemetry: Telemetry;
}

/**
 * Aborts until S3 no longer knows the upload: only then is nothing left to pay for. Safe to call twice.
 * @returns whether there was an upload to abort
 * @throws UploadFailedError, also where S3 takes every abort and has the upload all the same
 */
export async function abortUntilGone(
  upload: MultipartUpload,
  { clock, store, telemetry }: AbortPorts,
  signal: AbortSignal,
): Promise<boolean> {
  const untilMs = clock.nowMs() + ABORT_PATIENCE_MS;
  let wasThere = false;
  for (let attempt = 1; ; attempt += 1) {
    try {
      await store.abortMultipartUpload(upload, signal);
      wasThere = true;
      const parts = await store.listParts(upload, signal);
      if (clock.nowMs() >= untilMs) throw stillThere(upload, parts.length, attempt);
      telemetry.warn('parts landed after the abort, aborting again', { parts_left: parts.length, attempt });
    } catch (error) {
      if (!(error instanceof UploadGoneError)) throw error;
      telemetry.info('no multipart upload is left', { attempt });
      return wasThere;
    }
    await clock.sleep(ABORT_RECHECK_DELAY_MS, signal);
  }
}

function stillThere(
  { bucket, key, uploadId }: MultipartUpload,
  parts: number,
  aborts: number,
): UploadFailedError {
  return new UploadFailedError(
    `AbortMultipartUpload of s3://${bucket}/${key}: after ${aborts} aborts in ${ABORT_PATIENCE_MS / 1000} s upload ` +
      `${uploadId} is still there, with ${counted(parts, 'part')}`,
  );
}
