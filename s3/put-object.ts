import { PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import type { CompletedObject, ObjectToPut } from './ports.ts';
import { translateS3Error } from './translate-error.ts';

/**
 * Makes one object of bytes in memory, in one request that may be repeated.
 * @throws the signal's reason, or what `translateS3Error` makes of S3's error
 */
export async function putObject(
  client: S3Client,
  object: ObjectToPut,
  signal: AbortSignal,
): Promise<CompletedObject> {
  const { bucket, key, bytes, checksumCrc64Nvme, metadata, onlyIfAbsent } = object;
  const command = new PutObjectCommand({
    Bucket: bucket,
    Key: key,
    Body: bytes,
    ContentLength: bytes.length,
    // S3 refuses other bytes than these, so that an answer is a proof.
    ChecksumCRC64NVME: checksumCrc64Nvme,
    Metadata: { ...metadata },
    ...(onlyIfAbsent && { IfNoneMatch: '*' }),
  });
  signal.throwIfAborted();
  try {
    const { ETag, VersionId } = await client.send(command, { abortSignal: signal });
    return {
      etag: ETag ?? '',
      checksumCrc64Nvme,
      ...(VersionId !== undefined && { versionId: VersionId }),
    };
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    throw translateS3Error(error, { operation: 'PutObject', bucket, key });
  }
}
