import type { Readable } from 'node:stream';

/** Names one multipart upload. */
export interface MultipartUpload {
  bucket: string;
  key: string;
  uploadId: string;
}

/** A part as ListParts shows it. */
export interface UploadedPart {
  partNumber: number;
  sizeBytes: number;
  etag: string;
  /** Base64; absent where the store shows none (then it proves nothing). */
  checksumCrc64Nvme?: string;
}

/** What S3 answers when it has made the parts one object. */
export interface CompletedObject {
  etag: string;
  checksumCrc64Nvme?: string;
  versionId?: string;
}

/** An object that is small enough to be in memory. */
export interface ObjectToPut {
  bucket: string;
  key: string;
  bytes: Buffer;
  /** Base64 of the big-endian CRC64NVME of `bytes`. */
  checksumCrc64Nvme: string;
  metadata: Readonly<Record<string, string>>;
  onlyIfAbsent: boolean;
}

/** An object as HeadObject shows it. */
export interface ObjectHead extends CompletedObject {
  sizeBytes: number;
  metadata: Readonly<Record<string, string>>;
}

/**
 * Small files of our own in S3, apart from what lands there. Every method may throw UploadFailedError (5xx or a broken
 * connection, after the SDK's own retries).
 */
export interface StateFiles {
  /** Undefined where there is none. */
  find(key: string, signal: AbortSignal): Promise<StateFile | undefined>;
  /**
   * @param condition.replaces the etag of the file that is to be replaced; undefined: there must be none
   * @returns false where somebody else has written other bytes meanwhile: nothing was changed
   */
  write(
    key: string,
    bytes: Uint8Array,
    signal: AbortSignal,
    condition?: { replaces: string | undefined },
  ): Promise<boolean>;
  /** All keys that begin with `prefix`, in order. */
  list(prefix: string, signal: AbortSignal): AsyncIterable<string>;
}

export interface StateFile {
  bytes: Uint8Array;
  etag: string;
}

/**
 * The S3 calls that the steps make. Every method takes the caller's signal and may throw UploadFailedError
 * (5xx or a broken connection, after the SDK's own retries).
 */
export interface ObjectStore {
  /** Makes one object in one request. @throws TargetExistsError (`onlyIfAbsent`) */
  putObject(object: ObjectToPut, signal: AbortSignal): Promise<CompletedObject>;
  /** Sends exactly `sizeBytes` bytes of `body` as one part. @throws UploadGoneError */
  uploadPart(
    upload: MultipartUpload,
    part: { partNumber: number; sizeBytes: number; body: Readable },
    signal: AbortSignal,
  ): Promise<void>;
  /**
   * The parts, in order, over all pages.
   * @param numbers the first and the last part that are asked for @default all
   * @throws UploadGoneError
   */
  listParts(
    upload: MultipartUpload,
    signal: AbortSignal,
    numbers?: { first: number; last: number },
  ): Promise<UploadedPart[]>;
  /** @throws UploadGoneError | IncompleteUploadError (S3 refused the parts) | TargetExistsError (`onlyIfAbsent`) */
  completeMultipartUpload(
    upload: MultipartUpload,
    request: {
      parts: readonly UploadedPart[];
      sizeBytes: number;
      /** Of the whole object, base64; omitted when the store shows no part checksums. */
      checksumCrc64Nvme?: string;
      onlyIfAbsent: boolean;
    },
    signal: AbortSignal,
  ): Promise<CompletedObject>;
  /** @throws UploadGoneError when there is nothing to abort */
  abortMultipartUpload(upload: MultipartUpload, signal: AbortSignal): Promise<void>;
  /** Undefined when there is no such object, or no such version. */
  headObject(
    target: { bucket: string; key: string; versionId?: string },
    signal: AbortSignal,
  ): Promise<ObjectHead | undefined>;
}
