import type { KeptUploads } from '../../ledger/kept-uploads.ts';
import { UploadGoneError } from '../../transfer/errors.ts';
import { keepsParts } from '../../transfer/keep-parts.ts';
import type { KeepPorts } from '../shared/upload/keep-upload.ts';
import { keepUpload } from '../shared/upload/keep-upload.ts';
import type { HistoricUpload, KeepingHistory } from './execution-history.ts';

export interface KeepAfterEndPorts extends KeepPorts {
  uploads: Pick<KeptUploads, 'keep' | 'list'>;
  history: Pick<KeepingHistory, 'findError'>;
}

/**
 * Whether the upload of an execution that ended without success is kept: by its own Catch, or now, where no Catch ran.
 * An operator's stop keeps nothing.
 * @throws UploadFailedError | LedgerUnavailableError
 */
export async function isKeptAfterEnd(
  { execution, status }: { execution: string; status: string },
  { upload, plan }: HistoricUpload,
  ports: KeepAfterEndPorts,
  signal: AbortSignal,
): Promise<boolean> {
  if (status === 'ABORTED') return false;
  for await (const kept of ports.uploads.list(signal)) {
    if (kept.uploadId !== upload.uploadId) continue;
    // Its Catch has kept it, or somebody else has gone on with it meanwhile.
    if (kept.claim?.execution !== execution) return true;
  }
  if (plan === undefined || (plan.file.keep_parts_days ?? 0) === 0) return false;
  const error = status === 'FAILED' ? await ports.history.findError(execution, signal) : undefined;
  if (!keepsParts(error)) return false;
  try {
    const { uploadId } = upload;
    const why = { name: error ?? status, message: 'the execution ended without its Catch' };
    await keepUpload({ execution, uploadId, ...plan, error: why }, ports, signal);
    return true;
  } catch (failure) {
    // There is nothing to keep: it is aborted, or gone already.
    if (failure instanceof UploadGoneError) return false;
    throw failure;
  }
}
