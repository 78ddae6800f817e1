import { createHash } from 'node:crypto';
import type {
  CompletedObject,
  MultipartUpload,
  ObjectHead,
  ObjectStore,
  UploadedPart,
} from '../../../s3/ports.ts';
import { IncompleteUploadError, TargetExistsError, UploadGoneError } from '../../../transfer/errors.ts';
import { crc64NvmeOf } from './crc64-nvme-of.ts';

interface StoredUpload {
  metadata: Record<string, string>;
  parts: Map<number, { bytes: Buffer; listed: UploadedPart }>;
}

/** An ObjectStore in memory. Faults are made by replacing its methods. */
export class MemoryObjectStore implements ObjectStore {
  readonly objects = new Map<string, { bytes: Buffer; head: ObjectHead }>();
  readonly uploads = new Map<string, StoredUpload>();
  /** Whether parts and objects show a checksum, as S3 does. */
  showsChecksums = true;

  start(upload: MultipartUpload, metadata: Record<string, string> = {}): void {
    this.uploads.set(upload.uploadId, { metadata, parts: new Map() });
  }

  async putObject(...[object]: Parameters<ObjectStore['putObject']>): Promise<CompletedObject> {
    const name = `${object.bucket}/${object.key}`;
    if (object.onlyIfAbsent && this.objects.has(name)) throw new TargetExistsError(`${name} exists`);
    const completed = {
      etag: createHash('md5').update(object.bytes).digest('hex'),
      checksumCrc64Nvme: object.checksumCrc64Nvme,
    };
    const head = { ...completed, sizeBytes: object.bytes.length, metadata: object.metadata };
    this.objects.set(name, { bytes: Buffer.from(object.bytes), head });
    return completed;
  }

  async uploadPart(...[upload, part, signal]: Parameters<ObjectStore['uploadPart']>): Promise<void> {
    const pieces: Buffer[] = [];
    for await (const piece of part.body as AsyncIterable<Buffer>) {
      signal.throwIfAborted();
      pieces.push(piece);
    }
    const bytes = Buffer.concat(pieces);
    if (bytes.length !== part.sizeBytes)
      throw new IncompleteUploadError(`${bytes.length} of ${part.sizeBytes} bytes`);
    const listed: UploadedPart = {
      partNumber: part.partNumber,
      sizeBytes: bytes.length,
      etag: createHash('md5').update(bytes).digest('hex'),
      ...(this.showsChecksums ? { checksumCrc64Nvme: crc64NvmeOf(bytes) } : {}),
    };
    this.#find(upload).parts.set(part.partNumber, { bytes, listed });
  }

  async listParts(
    ...[upload, _signal, numbers]: Parameters<ObjectStore['listParts']>
  ): Promise<UploadedPart[]> {
    const { first, last } = numbers ?? { first: 1, last: Number.POSITIVE_INFINITY };
    return [...this.#find(upload).parts.values()]
      .map(({ listed }) => listed)
      .filter(({ partNumber }) => partNumber >= first && partNumber <= last)
      .sort((a, b) => a.partNumber - b.partNumber);
  }

  async completeMultipartUpload(
    ...[upload, request]: Parameters<ObjectStore['completeMultipartUpload']>
  ): Promise<ObjectHead> {
    const { metadata, parts } = this.#find(upload);
    const name = `${upload.bucket}/${upload.key}`;
    if (request.onlyIfAbsent && this.objects.has(name)) throw new TargetExistsError(`${name} exists`);
    const chosen = request.parts.map(({ partNumber }) => {
      const part = parts.get(partNumber);
      if (part === undefined) throw new IncompleteUploadError(`InvalidPart: ${partNumber}`);
      return part;
    });
    const bytes = Buffer.concat(chosen.map((part) => part.bytes));
    if (bytes.length !== request.sizeBytes)
      throw new IncompleteUploadError(`object of ${bytes.length} bytes`);
    const checksum = crc64NvmeOf(bytes);
    if (request.checksumCrc64Nvme !== undefined && request.checksumCrc64Nvme !== checksum) {
      throw new IncompleteUploadError('BadDigest');
    }
    const head: ObjectHead = {
      sizeBytes: bytes.length,
      etag: createHash('md5').update(bytes).digest('hex'),
      metadata,
      ...(this.showsChecksums ? { checksumCrc64Nvme: checksum } : {}),
    };
    this.objects.set(name, { bytes, head });
    this.uploads.delete(upload.uploadId);
    return head;
  }

  async abortMultipartUpload(upload: MultipartUpload): Promise<void> {
    this.#find(upload);
    this.uploads.delete(upload.uploadId);
  }

  async headObject(target: { bucket: string; key: string }): Promise<ObjectHead | undefined> {
    return this.objects.get(`${target.bucket}/${target.key}`)?.head;
  }

  #find(upload: MultipartUpload): StoredUpload {
    const found = this.uploads.get(upload.uploadId);
    if (found === undefined) throw new UploadGoneError(`no upload ${upload.uploadId}`);
    return found;
  }
}
