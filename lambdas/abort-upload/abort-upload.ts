import { type KeptUploads, removalName } from '../../ledger/kept-uploads.ts';
import type { MultipartUpload } from '../../s3/ports.ts';
import { UploadFailedError } from '../../transfer/errors.ts';
import { type AbortPorts, abortUntilGone } from '../shared/upload/abort-until-gone.ts';
import type { AbortedUpload, AbortUploadRequest } from './event.ts';
import type { ExecutionHistory, KeepingHistory } from './execution-history.ts';
import { isKeptAfterEnd } from './keep-after-end.ts';
import { noteSuspended } from './note-suspended.ts';
import { type ExpiryPorts, removeExpired } from './remove-expired.ts';

export interface AbortUploadPorts extends AbortPorts {
  /** Absent where no parts are kept. */
  uploads?: KeptUploads;
  /** Of an execution that ended without its Catch; absent where no parts are kept. */
  keepingHistory?: KeepingHistory;
  /** Absent where no parts are kept. */
  claiming?: Pick<ExpiryPorts, 'claimOf' | 'isOver'>;
}

/**
 * Aborts the upload that the workflow names, or the one of an execution that ended without its Catch, which is found in
 * the execution's history. Where parts are kept, only an operator's stop aborts: one that timed out keeps them; and on
 * its schedule those whose time is over are removed. How much is kept is a metric then.
 * @throws UploadFailedError | LedgerUnavailableError
 */
export async function handleAbortRequest(
  request: AbortUploadRequest,
  ports: AbortUploadPorts & { history: ExecutionHistory },
  signal: AbortSignal,
): Promise<AbortedUpload> {
  if (!('detail-type' in request)) {
    return abortUpload(
      { bucket: request.bucket, key: request.key, uploadId: request.upload_id },
      ports,
      signal,
    );
  }
  if (!('detail' in request)) return removeAllExpired(request.id, ports, signal);
  const { executionArn: execution, status } = request.detail;
  const { keepingHistory: history, uploads } = ports;
  if (history !== undefined && uploads !== undefined) {
    const found = await history.findPlannedUpload(execution, signal);
    const keepPorts = { ...ports, history, uploads };
    const isKept = found && (await isKeptAfterEnd({ execution, status }, found, keepPorts, signal));
    if (isKept === true) {
      ports.telemetry.info('the parts are kept', { status });
      await noteSuspended(uploads, ports.telemetry, signal);
      return { aborted_uploads: 0 };
    }
  }
  const upload = await ports.history.findUpload(execution, signal);
  if (upload !== undefined) return abortUpload(upload, ports, signal);
  ports.telemetry.info('the execution had started no multipart upload', { status });
  return { aborted_uploads: 0 };
}

async function removeAllExpired(
  id: string,
  { claiming, uploads, ...ports }: AbortUploadPorts,
  signal: AbortSignal,
): Promise<AbortedUpload> {
  if (uploads === undefined || claiming === undefined) return { aborted_uploads: 0 };
  const { aborted_uploads, failed_uploads } = await removeExpired(
    removalName(id),
    { ...ports, ...claiming, uploads },
    signal,
  );
  await noteSuspended(uploads, ports.telemetry, signal);
  if (failed_uploads > 0)
    throw new UploadFailedError(
      `${failed_uploads} of the kept uploads whose time is over could not be removed`,
    );
  return { aborted_uploads };
}

/**
 * Aborts the upload until S3 no longer has it, and strikes it off where it was kept. Safe to call twice.
 * @returns 1 when there was an upload to abort, else 0
 * @throws UploadFailedError | LedgerUnavailableError
 */
export async function abortUpload(
  upload: MultipartUpload,
  ports: AbortUploadPorts,
  signal: AbortSignal,
): Promise<AbortedUpload> {
  const wasThere = await abortUntilGone(upload, ports, signal);
  await ports.uploads?.forget(upload.uploadId, signal);
  return { aborted_uploads: wasThere ? 1 : 0 };
}
