import type { MultipartUpload, ObjectStore } from '../../s3/ports.ts';
import type { Clock } from '../../transfer/clock.ts';
import { UploadGoneError } from '../../transfer/errors.ts';
import type { Telemetry } from '../../transfer/telemetry.ts';
import type { AbortedUpload, AbortUploadRequest } from './event.ts';
import type { ExecutionHistory } from './execution-history.ts';

/** A chunk that is still uploading when the abort comes can land a part afterwards; between two polls we wait so long. */
export const ABORT_RECHECK_DELAY_MS = 2_000;

interface AbortPorts {
  store: Pick<ObjectStore, 'abortMultipartUpload' | 'listParts'>;
  clock: Clock;
  telemetry: Telemetry;
}

/**
 * Aborts the upload that the workflow names, or the one of an execution that ended without its Catch, which is found in
 * the execution's history.
 * @throws UploadFailedError
 */
export async function handleAbortRequest(
  request: AbortUploadRequest,
  ports: AbortPorts & { history: ExecutionHistory },
  signal: AbortSignal,
): Promise<AbortedUpload> {
  if (!('detail' in request)) {
    return abortUpload(
      { bucket: request.bucket, key: request.key, uploadId: request.upload_id },
      ports,
      signal,
    );
  }
  const upload = await ports.history.findUpload(request.detail.executionArn, signal);
  if (upload !== undefined) return abortUpload(upload, ports, signal);
  ports.telemetry.info('the execution had started no multipart upload', { status: request.detail.status });
  return { aborted_uploads: 0 };
}

/**
 * Aborts until S3 no longer knows the upload: only then is nothing left to pay for. Safe to call twice.
 * @returns 1 when there was an upload to abort, else 0
 * @throws UploadFailedError
 */
export async function abortUpload(
  upload: MultipartUpload,
  ports: AbortPorts,
  signal: AbortSignal,
): Promise<AbortedUpload> {
  const { clock, store, telemetry } = ports;
  let abortedUploads = 0;
  for (let attempt = 1; ; attempt += 1) {
    try {
      await store.abortMultipartUpload(upload, signal);
      abortedUploads = 1;
      const parts = await store.listParts(upload, signal);
      telemetry.warn('parts landed after the abort, aborting again', { parts_left: parts.length, attempt });
    } catch (error) {
      if (!(error instanceof UploadGoneError)) throw error;
      telemetry.info('no multipart upload is left', { attempt });
      return { aborted_uploads: abortedUploads };
    }
    await clock.sleep(ABORT_RECHECK_DELAY_MS, signal);
  }
}
