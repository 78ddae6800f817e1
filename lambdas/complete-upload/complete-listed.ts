import type { CompletedObject, MultipartUpload, ObjectStore, UploadedPart } from '../../s3/ports.ts';
import { IncompleteUploadError } from '../../transfer/errors.ts';
import type { Telemetry } from '../../transfer/telemetry.ts';
import { checkParts } from './check-parts.ts';
import type { CompleteUploadEvent } from './event.ts';

/** Of the parts, for one completion: each further one is due to a part that was written again in between. */
const MAX_LISTINGS = 3;

type ListingStore = Pick<ObjectStore, 'listParts' | 'completeMultipartUpload'>;

/** The upload's parts. @throws IncompleteUploadError when they are not the planned ones | UploadGoneError | UploadFailedError */
export async function listChecked(
  upload: MultipartUpload,
  event: CompleteUploadEvent,
  store: Pick<ObjectStore, 'listParts'>,
  signal: AbortSignal,
): Promise<UploadedPart[]> {
  const parts = await store.listParts(upload, signal);
  checkParts(parts, {
    sizeBytes: event.file.size_bytes,
    chunkSizeBytes: event.chunk_size_bytes,
    chunkCount: event.chunk_count,
  });
  return parts;
}

/**
 * Completes the upload from the parts that were listed. A worker that was given up may write a part once more after
 * that: the bytes are the same, but not the ETag where S3 encrypts with a key of KMS
 * (https://docs.aws.amazon.com/AmazonS3/latest/API/API_Object.html), and S3 refuses the list with InvalidPart. Then the
 * parts are listed anew, for as long as that shows others, a bounded number of times.
 * @throws what `completeMultipartUpload` throws
 */
export async function completeListed(
  upload: MultipartUpload,
  listed: { event: CompleteUploadEvent; parts: readonly UploadedPart[]; checksumCrc64Nvme?: string },
  { store, telemetry }: { store: ListingStore; telemetry: Telemetry },
  signal: AbortSignal,
): Promise<CompletedObject> {
  const { event, checksumCrc64Nvme } = listed;
  let { parts } = listed;
  for (let listing = 1; ; listing += 1) {
    const request = {
      parts,
      sizeBytes: event.file.size_bytes,
      onlyIfAbsent: event.file.if_exists === 'fail',
      ...(checksumCrc64Nvme === undefined ? {} : { checksumCrc64Nvme }),
    };
    try {
      return await store.completeMultipartUpload(upload, request, signal);
    } catch (error) {
      if (!(error instanceof IncompleteUploadError) || listing === MAX_LISTINGS) throw error;
      const now = await listChecked(upload, event, store, signal);
      if (etagsOf(now) === etagsOf(parts)) throw error;
      telemetry.warn('a part was written again, completing from a new list', { listing });
      parts = now;
    }
  }
}

const etagsOf = (parts: readonly UploadedPart[]): string => parts.map(({ etag }) => etag).join(' ');
