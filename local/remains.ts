import type { MultipartUpload, ObjectStore } from '../s3/ports.ts';
import type { PlannedTransfer } from '../transfer/contracts.ts';
import { UploadGoneError } from '../transfer/errors.ts';
import { TRANSFER_ID_METADATA_KEY } from '../transfer/object-metadata.ts';

/** What became of the multipart upload: S3's answer, never an assumption. */
export type UploadRemains =
  | { state: 'none' }
  | { state: 'gone' }
  | { state: 'left'; upload: MultipartUpload; parts: number; keptUntil?: string }
  | { state: 'unknown'; upload: MultipartUpload; reason: string };

/** What is left in S3 of a transfer that did not succeed. */
export interface Remains {
  upload: UploadRemains;
  /** `made`: an object of this very transfer is under the key. */
  object: 'none' | 'made' | 'unknown';
}

/**
 * Asks S3 what is left of a transfer that did not succeed. Never throws: what S3 does not answer is `unknown`.
 * @param file undefined when the transfer ended before it was planned
 * @param upload undefined when none was started
 */
export async function findRemains(
  file: PlannedTransfer | undefined,
  upload: MultipartUpload | undefined,
  store: Pick<ObjectStore, 'listParts' | 'headObject'>,
  signal: AbortSignal,
): Promise<Remains> {
  if (upload === undefined || file === undefined) return { upload: { state: 'none' }, object: 'none' };
  return {
    upload: await uploadRemains(upload, store, signal),
    object: await objectRemains(file, store, signal),
  };
}

/** The same, where what is left is kept on purpose. @param keptUntil ISO 8601 */
export function withKeptUntil({ upload, object }: Remains, keptUntil: string): Remains {
  return { object, upload: upload.state === 'left' ? { ...upload, keptUntil } : upload };
}

async function uploadRemains(
  upload: MultipartUpload,
  store: Pick<ObjectStore, 'listParts'>,
  signal: AbortSignal,
): Promise<UploadRemains> {
  try {
    const parts = await store.listParts(upload, signal);
    return { state: 'left', upload, parts: parts.length };
  } catch (error) {
    if (error instanceof UploadGoneError) return { state: 'gone' };
    return { state: 'unknown', upload, reason: error instanceof Error ? error.message : String(error) };
  }
}

async function objectRemains(
  { bucket, key, object_metadata: planned }: PlannedTransfer,
  store: Pick<ObjectStore, 'headObject'>,
  signal: AbortSignal,
): Promise<Remains['object']> {
  try {
    const head = await store.headObject({ bucket, key }, signal);
    const isOurs = head?.metadata[TRANSFER_ID_METADATA_KEY] === planned[TRANSFER_ID_METADATA_KEY];
    return head !== undefined && isOurs ? 'made' : 'none';
  } catch {
    return 'unknown';
  }
}
