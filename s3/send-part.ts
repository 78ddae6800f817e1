import { addAbortSignal, finished, type Readable } from 'node:stream';
import { type S3Client, UploadPartCommand } from '@aws-sdk/client-s3';
import { PartBody, requireEmptyBody } from './part-body.ts';
import type { MultipartUpload } from './ports.ts';
import { translateS3Error } from './translate-error.ts';

/** One part on its way from a source into S3. */
export interface PartToSend {
  partNumber: number;
  sizeBytes: number;
  body: Readable;
}

/**
 * Streams one part into S3. When this ends, in whatever way, `part.body` has ended or is destroyed.
 * @throws the signal's reason, the body's own error, RangeError when the body has another size than announced, or
 *   what `translateS3Error` makes of S3's error
 */
export async function sendPart(
  client: S3Client,
  upload: MultipartUpload,
  part: PartToSend,
  signal: AbortSignal,
): Promise<void> {
  try {
    signal.throwIfAborted();
    if (part.sizeBytes === 0) await sendEmptyPart(client, upload, part, signal);
    else await sendStream(client, upload, part, signal);
  } catch (error) {
    throw signal.aborted ? signal.reason : error;
  } finally {
    part.body.destroy();
  }
}

/** An empty stream would go out as aws-chunked; an empty buffer goes as a plain request of no bytes. */
async function sendEmptyPart(
  client: S3Client,
  upload: MultipartUpload,
  part: PartToSend,
  signal: AbortSignal,
): Promise<void> {
  await requireEmptyBody(addAbortSignal(signal, part.body));
  await uploadPart(client, upload, part, Buffer.alloc(0), signal);
}

/**
 * The SDK does not listen to the stream that it is given: a failing one would end the process or hang the request.
 * So the source is watched here, and its failure cuts the request.
 */
async function sendStream(
  client: S3Client,
  upload: MultipartUpload,
  part: PartToSend,
  signal: AbortSignal,
): Promise<void> {
  const cut = new AbortController();
  const body = new PartBody(part.sizeBytes, (error) => cut.abort(error));
  finished(part.body, { writable: false }, (error) => error && cut.abort(error));
  part.body.pipe(body);
  try {
    await uploadPart(client, upload, part, body, AbortSignal.any([signal, cut.signal]));
  } catch (error) {
    if (cut.signal.aborted) throw cut.signal.reason;
    // S3 may refuse before it has the whole body; the request would then hold its socket for ever.
    cut.abort();
    throw error;
  } finally {
    body.destroy();
  }
}

async function uploadPart(
  client: S3Client,
  { bucket, key, uploadId }: MultipartUpload,
  { partNumber, sizeBytes }: PartToSend,
  body: PartBody | Buffer,
  signal: AbortSignal,
): Promise<void> {
  const command = new UploadPartCommand({
    Bucket: bucket,
    Key: key,
    UploadId: uploadId,
    PartNumber: partNumber,
    ContentLength: sizeBytes,
    ChecksumAlgorithm: 'CRC64NVME',
    Body: body,
  });
  try {
    await client.send(command, { abortSignal: signal });
  } catch (error) {
    throw translateS3Error(error, { operation: 'UploadPart', bucket, key });
  }
}
