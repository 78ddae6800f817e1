import type { Readable } from 'node:stream';
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  HeadObjectCommand,
  ListPartsCommand,
  NotFound,
  type Part,
  type S3Client,
} from '@aws-sdk/client-s3';
import { UploadFailedError } from '../transfer/errors.ts';
import { S3_MAX_PARTS } from '../transfer/limits.ts';
import type {
  CompletedObject,
  MultipartUpload,
  ObjectHead,
  ObjectStore,
  ObjectToPut,
  UploadedPart,
} from './ports.ts';
import { putObject } from './put-object.ts';
import { sendPart } from './send-part.ts';
import { type S3Call, translateS3Error } from './translate-error.ts';

const CHECKSUM_BYTES = 8;
/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListParts.html */
const PARTS_PER_PAGE = 1_000;

/** The ObjectStore port on the AWS SDK. Uploads must have been created with ChecksumAlgorithm CRC64NVME. */
export class S3ObjectStore implements ObjectStore {
  readonly #client: S3Client;

  constructor(client: S3Client) {
    this.#client = client;
  }

  putObject(object: ObjectToPut, signal: AbortSignal): Promise<CompletedObject> {
    return putObject(this.#client, object, signal);
  }

  async uploadPart(
    upload: MultipartUpload,
    part: { partNumber: number; sizeBytes: number; body: Readable },
    signal: AbortSignal,
  ): Promise<void> {
    await sendPart(this.#client, upload, part, signal);
  }

  async listParts(
    upload: MultipartUpload,
    signal: AbortSignal,
    { first, last }: { first: number; last: number } = { first: 1, last: S3_MAX_PARTS },
  ): Promise<UploadedPart[]> {
    const toInclude = last - first + 1;
    return this.#call('ListParts', upload, signal, async () => {
      const parts: UploadedPart[] = [];
      // Not paginateListParts: it goes on while there is a marker, and S3 gives one (0) with its last page too, so it
      // would never end.
      let marker = first > 1 ? String(first - 1) : undefined;
      do {
        const MaxParts = Math.min(PARTS_PER_PAGE, toInclude);
        const command = new ListPartsCommand({ ...toInput(upload), PartNumberMarker: marker, MaxParts });
        const page = await this.#client.send(command, { abortSignal: signal });
        parts.push(...(page.Parts ?? []).map(toUploadedPart));
        marker =
          page.IsTruncated === true ? nextMarker(page.NextPartNumberMarker, marker, upload) : undefined;
      } while (marker !== undefined && Number(marker) < last);
      return parts.filter(({ partNumber }) => partNumber <= last);
    });
  }

  async completeMultipartUpload(
    upload: MultipartUpload,
    request: {
      parts: readonly UploadedPart[];
      sizeBytes: number;
      checksumCrc64Nvme?: string;
      onlyIfAbsent: boolean;
    },
    signal: AbortSignal,
  ): Promise<CompletedObject> {
    const command = new CompleteMultipartUploadCommand({
      ...toInput(upload),
      MpuObjectSize: request.sizeBytes,
      ...(request.checksumCrc64Nvme !== undefined && {
        ChecksumCRC64NVME: request.checksumCrc64Nvme,
        ChecksumType: 'FULL_OBJECT' as const,
      }),
      ...(request.onlyIfAbsent && { IfNoneMatch: '*' }),
      MultipartUpload: {
        Parts: request.parts.map(({ partNumber, etag, checksumCrc64Nvme }) => ({
          PartNumber: partNumber,
          ETag: etag,
          ...(checksumCrc64Nvme !== undefined && { ChecksumCRC64NVME: checksumCrc64Nvme }),
        })),
      },
    });
    const completed = await this.#call('CompleteMultipartUpload', upload, signal, () =>
      this.#client.send(command, { abortSignal: signal }),
    );
    return toCompletedObject(completed);
  }

  async abortMultipartUpload(upload: MultipartUpload, signal: AbortSignal): Promise<void> {
    const command = new AbortMultipartUploadCommand(toInput(upload));
    await this.#call('AbortMultipartUpload', upload, signal, () =>
      this.#client.send(command, { abortSignal: signal }),
    );
  }

  async headObject(
    target: { bucket: string; key: string; versionId?: string },
    signal: AbortSignal,
  ): Promise<ObjectHead | undefined> {
    const command = new HeadObjectCommand({
      Bucket: target.bucket,
      Key: target.key,
      VersionId: target.versionId,
      ChecksumMode: 'ENABLED',
    });
    return this.#call('HeadObject', target, signal, async () => {
      try {
        const head = await this.#client.send(command, { abortSignal: signal });
        return {
          ...toCompletedObject(head),
          sizeBytes: head.ContentLength ?? 0,
          metadata: head.Metadata ?? {},
        };
      } catch (error) {
        if (error instanceof NotFound) return undefined;
        throw error;
      }
    });
  }

  async #call<T>(
    operation: S3Call['operation'],
    { bucket, key }: { bucket: string; key: string },
    signal: AbortSignal,
    work: () => Promise<T>,
  ): Promise<T> {
    signal.throwIfAborted();
    try {
      return await work();
    } catch (error) {
      if (signal.aborted) throw signal.reason;
      throw translateS3Error(error, { operation, bucket, key });
    }
  }
}

/** @throws UploadFailedError where a store's next page would be the same one again, for ever */
function nextMarker(
  next: string | undefined,
  last: string | undefined,
  { bucket, key }: MultipartUpload,
): string | undefined {
  if (next === undefined || Number(next) > Number(last ?? 0)) return next;
  const page = `a page after part ${last ?? 0} that is to be followed by one after part ${next}`;
  throw new UploadFailedError(`ListParts of s3://${bucket}/${key}: S3 answers with ${page}`);
}

const toInput = ({ bucket, key, uploadId }: MultipartUpload) => ({
  Bucket: bucket,
  Key: key,
  UploadId: uploadId,
});

const toUploadedPart = (part: Part): UploadedPart => ({
  partNumber: part.PartNumber ?? 0,
  sizeBytes: part.Size ?? 0,
  etag: part.ETag ?? '',
  ...toChecksum(part.ChecksumCRC64NVME),
});

const toCompletedObject = (answer: {
  ETag?: string | undefined;
  ChecksumCRC64NVME?: string | undefined;
  VersionId?: string | undefined;
}): CompletedObject => ({
  etag: answer.ETag ?? '',
  ...toChecksum(answer.ChecksumCRC64NVME),
  ...(answer.VersionId !== undefined && { versionId: answer.VersionId }),
});

/** S3-compatible stores have been seen to give a CRC32 under this name; what has not eight bytes proves nothing. */
const toChecksum = (base64: string | undefined): { checksumCrc64Nvme?: string } =>
  base64 !== undefined && Buffer.from(base64, 'base64').length === CHECKSUM_BYTES
    ? { checksumCrc64Nvme: base64 }
    : {};
