import { combineCrc64Nvme } from '../../s3/crc64-nvme/combine.ts';
import type {
  CompletedObject,
  MultipartUpload,
  ObjectHead,
  ObjectStore,
  UploadedPart,
} from '../../s3/ports.ts';
import type { CompletedTransfer } from '../../transfer/contracts.ts';
import {
  IncompleteUploadError,
  TargetExistsError,
  TransferError,
  UploadFailedError,
  UploadGoneError,
} from '../../transfer/errors.ts';
import { proveUnchanged } from '../../transfer/source-file.ts';
import type { Telemetry } from '../../transfer/telemetry.ts';
import { counted } from '../../transfer/text/counted.ts';
import { type SessionPorts, withPlannedSecret, withSession } from '../shared/partner-session.ts';
import { completeListed, listChecked } from './complete-listed.ts';
import type { CompleteUploadEvent } from './event.ts';

type CompletionStore = Pick<ObjectStore, 'listParts' | 'completeMultipartUpload' | 'headObject'>;

/**
 * Makes the parts one object, after proving that the source is unchanged and that every part is there, and proves
 * the object afterwards. Safe to call again: a completion whose answer was lost is recognised as success.
 * @throws SourceChangedError | SftpRequestRefusedError | SftpRequestFailedError | IncompleteUploadError | UploadGoneError | TargetExistsError | UploadFailedError |
 *   SftpConnectionError | SftpStalledError, and the other errors of connecting
 */
export async function completeUpload(
  event: CompleteUploadEvent,
  ports: SessionPorts & { store: CompletionStore },
  signal: AbortSignal,
): Promise<CompletedTransfer> {
  const earlier = await findOwnObject(event, ports.store, signal);
  // An object of ours is this upload's only if the upload is gone.
  if (earlier !== undefined && !(await uploadExists(event, ports.store, signal))) {
    proveObject(earlier, event.file.size_bytes, undefined);
    ports.telemetry.info('the upload had been completed before', { etag: earlier.etag });
    return describe(event, earlier);
  }
  await withSession(withPlannedSecret(ports, event.file), signal, (session) =>
    proveUnchanged(event.file, session, signal),
  );
  return describe(event, await completeAndProve(event, ports, signal));
}

async function completeAndProve(
  event: CompleteUploadEvent,
  { store, telemetry }: { store: CompletionStore; telemetry: Telemetry },
  signal: AbortSignal,
): Promise<ObjectHead> {
  const { file } = event;
  const upload = uploadOf(event);
  const parts = await listChecked(upload, event, store, signal);
  const checksumCrc64Nvme = combineChecksums(parts, telemetry);
  try {
    const completed = await completeListed(
      upload,
      { event, parts, ...(checksumCrc64Nvme === undefined ? {} : { checksumCrc64Nvme }) },
      { store, telemetry },
      signal,
    );
    const head = await headCompleted(event, completed, store, signal);
    if (head === undefined || !isOwn(event, head)) {
      telemetry.warn('another writer replaced the object right after it was completed', {
        etag: completed.etag,
      });
      return { ...completed, sizeBytes: file.size_bytes, metadata: file.object_metadata };
    }
    proveObject(head, file.size_bytes, checksumCrc64Nvme);
    return head;
  } catch (error) {
    const mayHaveSucceeded =
      error instanceof UploadFailedError ||
      error instanceof UploadGoneError ||
      error instanceof TargetExistsError;
    if (!mayHaveSucceeded) throw error;
    const head = await store.headObject({ bucket: file.bucket, key: file.key }, signal);
    if (head === undefined && error instanceof TargetExistsError) throw keyWasInUse(event, error);
    if (head === undefined || !isOwn(event, head)) throw error;
    telemetry.warn('the completion succeeded although its answer was lost', { error_name: error.name });
    proveObject(head, file.size_bytes, checksumCrc64Nvme);
    return head;
  }
}

/** Stores have been seen to answer a version id, such as "null", and to refuse it afterwards. */
async function headCompleted(
  { file: { bucket, key } }: CompleteUploadEvent,
  { versionId }: CompletedObject,
  store: CompletionStore,
  signal: AbortSignal,
): Promise<ObjectHead | undefined> {
  if (versionId !== undefined) {
    try {
      return await store.headObject({ bucket, key, versionId }, signal);
    } catch (error) {
      if (signal.aborted || error instanceof TransferError) throw error;
    }
  }
  return store.headObject({ bucket, key }, signal);
}

/** S3 refused the completion for another write of the key, which left no object: a delete, or one that failed. */
function keyWasInUse({ file }: CompleteUploadEvent, cause: TargetExistsError): UploadGoneError {
  return new UploadGoneError(
    `another operation on s3://${file.bucket}/${file.key} was going on, so S3 refused the completion for good, ` +
      'and there is no such object. Start the transfer again.',
    { cause },
  );
}

/** Undefined when a part shows no checksum: then only the sizes are proved, and the log says so. */
function combineChecksums(parts: readonly UploadedPart[], telemetry: Telemetry): string | undefined {
  const known = parts.flatMap(({ checksumCrc64Nvme, sizeBytes }) =>
    checksumCrc64Nvme === undefined ? [] : [{ checksum: checksumCrc64Nvme, sizeBytes }],
  );
  if (known.length === parts.length) return combineCrc64Nvme(known);
  telemetry.warn('the store lists parts without CRC64NVME: the object is proved by its size only', {
    parts_without_checksum: parts.length - known.length,
  });
  return undefined;
}

async function findOwnObject(
  event: CompleteUploadEvent,
  store: CompletionStore,
  signal: AbortSignal,
): Promise<ObjectHead | undefined> {
  const head = await store.headObject({ bucket: event.file.bucket, key: event.file.key }, signal);
  return head !== undefined && isOwn(event, head) ? head : undefined;
}

async function uploadExists(
  event: CompleteUploadEvent,
  store: CompletionStore,
  signal: AbortSignal,
): Promise<boolean> {
  try {
    await store.listParts(uploadOf(event), signal);
    return true;
  } catch (error) {
    if (error instanceof UploadGoneError) return false;
    throw error;
  }
}

/** By everything that the plan says of the object: its id, the source, its size and time. */
function isOwn(event: CompleteUploadEvent, head: ObjectHead): boolean {
  const planned = Object.entries(event.file.object_metadata);
  return planned.length > 0 && planned.every(([key, value]) => head.metadata[key] === value);
}

function uploadOf({ file, upload_id: uploadId }: CompleteUploadEvent): MultipartUpload {
  return { bucket: file.bucket, key: file.key, uploadId };
}

/** @throws IncompleteUploadError */
function proveObject(head: ObjectHead, sizeBytes: number, checksumCrc64Nvme: string | undefined): void {
  if (head.sizeBytes !== sizeBytes) {
    throw new IncompleteUploadError(
      `the object has ${counted(head.sizeBytes, 'byte')}, the source ${sizeBytes}`,
    );
  }
  const bothKnown = checksumCrc64Nvme !== undefined && head.checksumCrc64Nvme !== undefined;
  if (bothKnown && head.checksumCrc64Nvme !== checksumCrc64Nvme) {
    throw new IncompleteUploadError(
      `the object's CRC64NVME is ${head.checksumCrc64Nvme}, that of its parts ${checksumCrc64Nvme}`,
    );
  }
}

function describe(event: CompleteUploadEvent, head: ObjectHead): CompletedTransfer {
  return {
    bucket: event.file.bucket,
    key: event.file.key,
    size_bytes: head.sizeBytes,
    etag: head.etag,
    checksum_crc64nvme: head.checksumCrc64Nvme ?? null,
    parts: event.chunk_count,
    version_id: head.versionId ?? null,
  };
}
