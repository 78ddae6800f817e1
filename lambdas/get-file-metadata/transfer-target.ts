import { posix } from 'node:path';
import { parseContract, type TransferRequest, targetKeySchema } from '../../transfer/contracts.ts';
import { InvalidTransferRequestError } from '../../transfer/errors.ts';

/** Where a partner's files may go, and where they go when the request does not say. */
export interface TargetSettings {
  landingBucket: string;
  /** Further buckets that a request may name. */
  allowedBuckets: readonly string[];
  /** Put before the file's path to make the default key, without a slash at its end; may be empty. */
  keyPrefix: string;
}

/**
 * Bucket and key of the object to be. The default key is the prefix and the requested path, `.` and `..` resolved.
 * @throws InvalidTransferRequestError if the bucket is not one of ours, or the key too long for S3
 */
export function resolveTarget(
  request: TransferRequest,
  settings: TargetSettings,
): { bucket: string; key: string } {
  const bucket = request.target_s3_bucket ?? settings.landingBucket;
  const known = [settings.landingBucket, ...settings.allowedBuckets];
  if (!known.includes(bucket)) {
    throw new InvalidTransferRequestError(
      'target_s3_bucket',
      bucket,
      `it must be one of the configured buckets: ${known.join(', ')}`,
    );
  }
  return { bucket, key: request.target_s3_key ?? defaultKey(request.sftp_file_path, settings.keyPrefix) };
}

function defaultKey(path: string, prefix: string): string {
  const relative = posix.normalize(`/${path}`).slice(1);
  const { target_s3_key } = parseContract(targetKeySchema, {
    target_s3_key: prefix === '' ? relative : `${prefix}/${relative}`,
  });
  return target_s3_key;
}
