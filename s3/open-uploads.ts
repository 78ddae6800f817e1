import { ListMultipartUploadsCommand, type S3Client } from '@aws-sdk/client-s3';
import type { MultipartUpload } from './ports.ts';

/** A multipart upload that is neither completed nor aborted. */
export interface OpenUpload extends MultipartUpload {
  /** Undefined where the store does not say. */
  startedAt: Date | undefined;
}

/**
 * The open uploads of one key, as many as fit into one answer (1,000).
 * @throws the SDK's errors
 */
export async function listOpenUploads(
  client: S3Client,
  { bucket, key }: { bucket: string; key: string },
  signal: AbortSignal,
): Promise<OpenUpload[]> {
  const command = new ListMultipartUploadsCommand({ Bucket: bucket, Prefix: key });
  const { Uploads = [] } = await client.send(command, { abortSignal: signal });
  // A prefix has other keys as well: those that go on after it.
  return Uploads.flatMap(({ Initiated: startedAt, Key, UploadId: uploadId }) =>
    Key === key && uploadId !== undefined ? [{ bucket, key, uploadId, startedAt }] : [],
  );
}
