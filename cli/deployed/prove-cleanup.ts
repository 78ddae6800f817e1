import type { MultipartUpload, ObjectStore } from '../../s3/ports.ts';
import type { Clock } from '../../transfer/clock.ts';
import { UploadGoneError } from '../../transfer/errors.ts';
import { counted } from '../../transfer/text/counted.ts';

/** Between two polls of the upload of a stopped transfer. */
const LOOK_INTERVAL_MS = 2_000;

/** Finds the upload that an execution started; undefined where it started none. */
interface UploadFinder {
  findUpload(executionArn: string, signal: AbortSignal): Promise<MultipartUpload | undefined>;
}

/** Whether something is left of a transfer that was stopped. */
export type Cleanup =
  | { proved: true; upload: MultipartUpload | undefined }
  | { proved: false; upload: MultipartUpload | undefined; reason: string };

/**
 * Waits until S3 no longer has an upload of the execution: the stack's rule aborts it when an execution was
 * stopped. Nothing is aborted here.
 * @throws the signal's reason
 */
export async function proveCleanup(
  executionArn: string,
  ports: { history: UploadFinder; store: Pick<ObjectStore, 'listParts'>; clock: Clock },
  timeoutMs: number,
  signal: AbortSignal,
): Promise<Cleanup> {
  const { history, store, clock } = ports;
  const untilMs = clock.nowMs() + timeoutMs;
  let upload: MultipartUpload | undefined;
  let reason = '';
  try {
    upload = await history.findUpload(executionArn, signal);
    if (upload === undefined) return { proved: true, upload };
    for (;;) {
      const parts = await store.listParts(upload, signal);
      reason = `after ${timeoutMs / 1000} s the upload still has ${counted(parts.length, 'part')}`;
      if (clock.nowMs() >= untilMs) return { proved: false, upload, reason };
      await clock.sleep(LOOK_INTERVAL_MS, signal);
    }
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof UploadGoneError) return { proved: true, upload };
    return { proved: false, upload, reason: error instanceof Error ? error.message : String(error) };
  }
}
