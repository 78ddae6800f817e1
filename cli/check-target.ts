import { HeadBucketCommand, type S3Client } from '@aws-sdk/client-s3';
import { remedyFor } from './deployed/aws-call-error.ts';
import { UsageError } from './usage-error.ts';

/**
 * Asks S3 for the bucket before a partner is asked for anything. A bucket that we may write to and not look at (403)
 * passes: that question is answered by the upload.
 * @throws UsageError without credentials or region, and when there is no such bucket
 */
export async function checkTarget(s3: S3Client, bucket: string, signal: AbortSignal): Promise<void> {
  try {
    await s3.config.region();
    await s3.config.credentials();
    await s3.send(new HeadBucketCommand({ Bucket: bucket }), { abortSignal: signal });
  } catch (error) {
    const { name, message, $metadata } = error as Error & { $metadata?: { httpStatusCode?: number } };
    if ($metadata?.httpStatusCode === 404)
      throw new UsageError(`there is no bucket ${bucket} at the store that was asked`, { cause: error });
    const remedy = remedyFor(message);
    if (remedy !== '') throw new UsageError(`${name}: ${message}${remedy}`, { cause: error });
  }
}
