import { randomBytes, randomUUID } from 'node:crypto';
import { mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { ChecksumAlgorithm } from './body/checksums.ts';
import { noSuchUpload } from './s3-error.ts';

/** A part that arrived whole. */
export interface Part {
  partNumber: number;
  sizeBytes: number;
  /** Without quotes. */
  etag: string;
  /** Base64 CRC64NVME. */
  checksumCrc64Nvme: string;
  lastModified: Date;
  path: string;
}

/** An upload that is neither completed nor aborted. */
export interface Upload {
  readonly uploadId: string;
  readonly bucket: string;
  readonly key: string;
  /** Undefined when the upload was created without naming one. */
  readonly checksumAlgorithm: ChecksumAlgorithm | undefined;
  /** Headers that the object will have. */
  readonly headers: Record<string, string>;
  readonly initiated: Date;
  readonly folder: string;
  readonly parts: Map<number, Part>;
}

const UPLOAD_ID_RANDOM_BYTES = 24;
/** A part on its way in may make a file while its folder is being removed. */
const REMOVAL_RETRIES = 5;

/**
 * The open multipart uploads: their parts are files, their list is in memory, so uploads end with the server and
 * what is left of them is removed at the next start.
 */
export class MultipartUploads {
  readonly #folder: string;
  readonly #uploads = new Map<string, Upload>();
  #created = 0;

  constructor(directory: string) {
    this.#folder = join(directory, 'uploads');
  }

  /** Removes what an earlier run left. */
  async removeLeftovers(): Promise<void> {
    await rm(this.#folder, { recursive: true, force: true });
  }

  async create(fields: Pick<Upload, 'bucket' | 'key' | 'checksumAlgorithm' | 'headers'>): Promise<Upload> {
    const uploadId = this.#newUploadId();
    const folder = join(this.#folder, uploadId);
    await mkdir(folder, { recursive: true });
    const upload: Upload = { ...fields, uploadId, folder, initiated: new Date(), parts: new Map() };
    this.#uploads.set(uploadId, upload);
    return upload;
  }

  /** @throws S3Error NoSuchUpload, also when the upload belongs to another bucket or key */
  require(bucket: string, key: string, uploadId: string): Upload {
    const upload = this.#uploads.get(uploadId);
    if (upload === undefined || upload.bucket !== bucket || upload.key !== key) throw noSuchUpload(uploadId);
    return upload;
  }

  /** A new name for a part on its way in. */
  incomingPartPath(upload: Upload): string {
    return join(upload.folder, `${randomUUID()}.incoming`);
  }

  /**
   * Adds a received part, in place of an earlier one of the same number.
   * @throws S3Error NoSuchUpload when the upload was aborted or completed in the meantime
   */
  async addPart(upload: Upload, received: Part): Promise<void> {
    const path = join(upload.folder, `${String(received.partNumber).padStart(5, '0')}.${randomUUID()}.part`);
    try {
      await rename(received.path, path);
    } catch (error) {
      if (!this.isOpen(upload)) throw noSuchUpload(upload.uploadId);
      throw error;
    }
    if (!this.isOpen(upload)) {
      await rm(path, { force: true });
      throw noSuchUpload(upload.uploadId);
    }
    const previous = upload.parts.get(received.partNumber);
    upload.parts.set(received.partNumber, { ...received, path });
    if (previous !== undefined) await rm(previous.path, { force: true });
  }

  isOpen(upload: Upload): boolean {
    return this.#uploads.get(upload.uploadId) === upload;
  }

  /** Takes the upload out: from now on nobody else finds it. Its files stay. */
  close(upload: Upload): void {
    this.#uploads.delete(upload.uploadId);
  }

  /** Puts back what `close` took out. */
  reopen(upload: Upload): void {
    this.#uploads.set(upload.uploadId, upload);
  }

  async removeFiles(upload: Upload): Promise<void> {
    await rm(upload.folder, { recursive: true, force: true, maxRetries: REMOVAL_RETRIES });
  }

  /** Open uploads of a bucket, by key (order of UTF-8 bytes) and then by id, which is by time of creation. */
  list(bucket: string): Upload[] {
    return [...this.#uploads.values()]
      .filter((upload) => upload.bucket === bucket)
      .sort(
        (a, b) =>
          Buffer.compare(Buffer.from(a.key), Buffer.from(b.key)) || (a.uploadId < b.uploadId ? -1 : 1),
      );
  }

  /** Ids cannot be guessed, and sort in the order of their making: listings go on after one that is gone. */
  #newUploadId(): string {
    this.#created += 1;
    const order = Date.now().toString(16).padStart(12, '0') + this.#created.toString(16).padStart(8, '0');
    return order + randomBytes(UPLOAD_ID_RANDOM_BYTES).toString('hex');
  }
}
