import { finished, type Readable } from 'node:stream';
import { type S3Client, UploadPartCommand } from '@aws-sdk/client-s3';
import type { MultipartUpload } from '../ports.ts';
import { PartBody, requireEmptyBody } from './part-body.ts';
import { translateS3Error } from './s3-error-translation.ts';

/**
 * Streams one part into S3. `body` is destroyed when this ends in any way but success.
 *
 * The SDK listens to no error of the stream that it is given: a failing one would hang the request or end the
 * process. So the source is watched here, and its failure cuts the request.
 * @throws the source's own error, the signal's reason, or what `translateS3Error` makes of S3's
 */
export async function sendPart(
  client: S3Client,
  upload: MultipartUpload,
  part: { partNumber: number; sizeBytes: number; body: Readable },
  signal: AbortSignal,
): Promise<void> {
  const { bucket, key, uploadId } = upload;
  const { partNumber, sizeBytes, body: source } = part;
  const ended = new AbortController();
  const sourceFailure = new AbortController();
  const body = new PartBody(sizeBytes);
  const fail = (error: Error): void => sourceFailure.abort(error);
  try {
    signal.throwIfAborted();
    if (sizeBytes === 0) await requireEmptyBody(source);
    else {
      finished(source, { writable: false }, (error) => error && fail(error));
      body.on('error', fail);
      source.pipe(body);
    }
    const command = new UploadPartCommand({
      Bucket: bucket,
      Key: key,
      UploadId: uploadId,
      PartNumber: partNumber,
      ContentLength: sizeBytes,
      ChecksumAlgorithm: 'CRC64NVME',
      // An empty stream would go out as aws-chunked; an empty buffer goes as a plain request of no bytes.
      Body: sizeBytes === 0 ? Buffer.alloc(0) : body,
    });
    await client.send(command, {
      abortSignal: AbortSignal.any([signal, sourceFailure.signal, ended.signal]),
    });
  } catch (error) {
    // S3 may answer before it has the whole body; the request would then hold its socket for ever.
    ended.abort();
    if (sourceFailure.signal.aborted) throw sourceFailure.signal.reason;
    if (signal.aborted) throw signal.reason;
    throw translateS3Error(error, { operation: 'UploadPart', bucket, key });
  } finally {
    source.destroy();
    body.destroy();
  }
}
