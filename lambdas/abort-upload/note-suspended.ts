import type { KeptUploads } from '../../ledger/kept-uploads.ts';
import type { Telemetry } from '../../transfer/telemetry.ts';

/**
 * Notes how many bytes are kept, and paid for, of the partner's transfers that failed: of each, what S3 had at its last
 * failure. By then the caller's own work is done, so it does not fail where the ledger does not answer.
 */
export async function noteSuspended(
  uploads: Pick<KeptUploads, 'list'>,
  telemetry: Telemetry,
  signal: AbortSignal,
): Promise<void> {
  try {
    let bytes = 0;
    for await (const { finishedBytes } of uploads.list(signal)) bytes += finishedBytes;
    telemetry.metric('SuspendedBytes', bytes);
  } catch (error) {
    signal.throwIfAborted();
    telemetry.warn('the kept parts could not be counted', { cause: (error as Error).message });
  }
}
