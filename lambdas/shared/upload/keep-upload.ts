import type { KeptUpload, KeptUploads } from '../../../ledger/kept-uploads.ts';
import type { ObjectStore } from '../../../s3/ports.ts';
import type { Clock } from '../../../transfer/clock.ts';
import type { PlannedTransfer } from '../../../transfer/contracts.ts';
import { UploadGoneError } from '../../../transfer/errors.ts';
import { keepUntil } from '../../../transfer/keep-parts.ts';
import type { Telemetry } from '../../../transfer/telemetry.ts';
import { finishedParts } from './finished-parts.ts';

/** The upload of a transfer that has ended without an object. */
export interface UnfinishedUpload {
  execution: string;
  uploadId: string;
  file: PlannedTransfer;
  chunkSizeBytes: number;
  chunkCount: number;
  /** When it was started, or before. */
  startedAtMs: number;
  error: { name: string; message: string };
}

export interface KeepPorts {
  store: Pick<ObjectStore, 'listParts'>;
  uploads: Pick<KeptUploads, 'keep'>;
  clock: Pick<Clock, 'nowMs'>;
  telemetry: Telemetry;
}

/** Of a message, what is kept with an upload; the log has the rest. */
const MAX_MESSAGE_CHARACTERS = 300;

/**
 * Keeps what an upload has of finished parts, as S3 lists them, for a resume.
 * @throws UploadGoneError when there is nothing to keep: S3 has no such upload, or its time is over; UploadFailedError |
 *   LedgerUnavailableError
 */
export async function keepUpload(
  { execution, uploadId, file, chunkSizeBytes, chunkCount, startedAtMs, error }: UnfinishedUpload,
  { clock, store, telemetry, uploads }: KeepPorts,
  signal: AbortSignal,
): Promise<KeptUpload> {
  const { bucket, key } = file;
  const keepUntilMs = keepUntil({
    nowMs: clock.nowMs(),
    startedAtMs,
    keepPartsDays: file.keep_parts_days ?? 0,
  });
  if (keepUntilMs === undefined)
    throw new UploadGoneError(`the upload to s3://${bucket}/${key} is too old to be kept any longer`);
  const parts = await store.listParts({ bucket, key, uploadId }, signal);
  const finished = finishedParts(parts, { sizeBytes: file.size_bytes, chunkSizeBytes }, chunkCount);
  const kept = await uploads.keep(
    {
      uploadId,
      bucket,
      key,
      path: file.path,
      sizeBytes: file.size_bytes,
      modifiedAt: file.modified_at,
      chunkSizeBytes,
      chunkCount,
      objectMetadata: file.object_metadata,
      execution,
      startedAtMs,
      keepUntilMs,
      finishedParts: finished.length,
      finishedBytes: finished.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
      error: { name: error.name, message: error.message.slice(0, MAX_MESSAGE_CHARACTERS) },
    },
    signal,
  );
  telemetry.info('parts kept', {
    parts: kept.finishedParts,
    bytes: kept.finishedBytes,
    keep_until: new Date(keepUntilMs).toISOString(),
  });
  return kept;
}
