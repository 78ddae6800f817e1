import type { KeptUpload } from '../../ledger/kept-uploads.ts';
import type { Cleanup } from '../deployed/prove-cleanup.ts';
import { formatTime } from '../format/numbers.ts';
import { formatSize } from '../format/sizes.ts';
import { abortCommand } from './uploads/abort-command.ts';

/** What came of stopping a transfer. */
export interface StopResult {
  execution: string;
  /** After the stop. */
  status: string;
  wasRunning: boolean;
  /** Undefined when nobody waited for it. */
  cleanup: Cleanup | undefined;
  /** Of an execution that had ended: its kept upload. `cleanup` says whether it is gone. */
  kept?: KeptUpload | undefined;
}

export function stopAsJson({
  execution,
  status,
  wasRunning,
  cleanup,
  kept,
}: StopResult): Record<string, unknown> {
  return {
    status,
    execution,
    was_running: wasRunning,
    cleanup: cleanup === undefined ? 'not-awaited' : cleanup.proved ? 'proved' : 'unproved',
    ...(cleanup?.upload !== undefined && {
      bucket: cleanup.upload.bucket,
      key: cleanup.upload.key,
      upload_id: cleanup.upload.uploadId,
    }),
    ...(cleanup?.proved === false && { reason: cleanup.reason }),
    ...(kept !== undefined && { kept_parts: kept.finishedParts, kept_bytes: kept.finishedBytes }),
  };
}

export function stopForPeople({ status, wasRunning, cleanup, kept }: StopResult): string {
  const stopped = wasRunning ? 'Stopped.' : `It was over already: ${status}.`;
  if (cleanup === undefined) return stopped;
  if (cleanup.proved && kept !== undefined) {
    const { chunkCount, finishedBytes, finishedParts } = kept;
    return (
      `${stopped} Its kept parts, ${finishedParts} of ${chunkCount} (${formatSize(finishedBytes)}), are removed: its multipart ` +
      'upload is gone from S3, and nothing can be resumed.'
    );
  }
  if (cleanup.proved) {
    const nothing =
      cleanup.upload === undefined ? 'No upload had been started' : 'Its multipart upload is gone from S3';
    return `${stopped} ${nothing}: nothing is left.`;
  }
  const { upload, reason } = cleanup;
  const abort =
    upload === undefined
      ? []
      : [
          kept === undefined
            ? 'The stack aborts the upload of a stopped transfer by itself. To do it by hand:'
            : `The stack removes kept parts after ${formatTime(kept.keepUntilMs)}. To do it by hand:`,
          `  ${abortCommand(upload)}`,
        ];
  return [`${stopped} The cleanup is not proved: ${reason}`, ...abort].join('\n');
}
