import type { S3Client } from '@aws-sdk/client-s3';
import { listOpenUploads } from '../s3/open-uploads.ts';
import { openUploadsForPeople } from './results/uploads/describe-open-uploads.ts';

/** A listing that takes longer is given up: the transfer itself finds out what is wrong with S3. */
const LISTING_TIMEOUT_MS = 5_000;

/**
 * Says on stderr which uploads of the key an earlier run has left, with the command that removes each. Says nothing
 * where S3 does not answer, or does not let us list them: the transfer does not depend on it. Never throws.
 */
export async function nameOpenUploads(
  s3: S3Client,
  target: { bucket: string; key: string },
  signal: AbortSignal,
  endpointUrl?: string,
): Promise<void> {
  const inTime = AbortSignal.any([signal, AbortSignal.timeout(LISTING_TIMEOUT_MS)]);
  const uploads = await listOpenUploads(s3, target, inTime).catch(() => []);
  for (const line of openUploadsForPeople(uploads, endpointUrl)) process.stderr.write(`${line}\n`);
}
