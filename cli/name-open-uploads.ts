import type { S3Client } from '@aws-sdk/client-s3';
import { listOpenUploads } from '../s3/open-uploads.ts';
import { openUploadsForPeople } from './results/uploads/describe-open-uploads.ts';

/** A listing that takes longer is given up: the transfer itself finds out what is wrong with S3. */
const LISTING_TIMEOUT_MS = 5_000;

/**
 * Says on stderr which uploads of the key an earlier run has left, with the command that removes each. Says nothing
 * where S3 does not answer, or does not let us list them: the transfer does not depend on it. Never throws.
 * @param written uploads that are written down: what becomes of them is told elsewhere
 */
export async function nameOpenUploads(
  s3: S3Client,
  target: { bucket: string; key: string },
  {
    written,
    signal,
    endpointUrl,
  }: { written: ReadonlySet<string>; signal: AbortSignal; endpointUrl?: string | undefined },
): Promise<void> {
  const inTime = AbortSignal.any([signal, AbortSignal.timeout(LISTING_TIMEOUT_MS)]);
  const found = await listOpenUploads(s3, target, inTime).catch(() => []);
  const unknown = found.filter(({ uploadId }) => !written.has(uploadId));
  for (const line of openUploadsForPeople(unknown, endpointUrl)) process.stderr.write(`${line}\n`);
}
