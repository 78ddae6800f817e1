import { counted } from '../../transfer/text/counted.ts';
import { causeWithSentence, readableCause } from '../../transfer/text/lambda-error.ts';
import { type KeepPorts, keepUpload } from '../shared/upload/keep-upload.ts';
import type { KeepPartsEvent, KeptParts } from './event.ts';

export interface KeepPartsPorts extends KeepPorts {
  /** The command that goes on with what an execution left. */
  resumeCommand: (execution: string) => string;
}

/**
 * Keeps the finished parts of a transfer that fails, and says in its cause until when, and how to go on. What is said
 * of the parts is what S3 has just listed.
 * @throws UploadGoneError when there is nothing to keep | UploadFailedError | LedgerUnavailableError
 */
export async function keepParts(
  event: KeepPartsEvent,
  ports: KeepPartsPorts,
  signal: AbortSignal,
): Promise<KeptParts> {
  const { execution_id: execution, error } = event;
  const kept = await keepUpload(
    {
      execution,
      uploadId: event.upload_id,
      file: event.file,
      chunkSizeBytes: event.chunk_size_bytes,
      chunkCount: event.chunk_count,
      startedAtMs: Date.parse(event.started_at),
      error: { name: error.Error, message: readableCause(error.Cause) },
    },
    ports,
    signal,
  );
  const keep_until = new Date(kept.keepUntilMs).toISOString();
  const sentence =
    `${counted(kept.finishedParts, 'part')} of ${kept.chunkCount} kept until ${keep_until}; ` +
    `resume with \`${ports.resumeCommand(execution)}\``;
  return {
    error: error.Error,
    cause: causeWithSentence(error.Cause, sentence),
    kept_parts: kept.finishedParts,
    kept_bytes: kept.finishedBytes,
    keep_until,
  };
}
