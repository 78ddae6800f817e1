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

export interface Target {
  bucket: string;
  key: string;
}

/**
 * Bucket and key of the object to be. The default key is the prefix and the path as requested; a path that says only
 * together with the server which file it is, because it counts from the home folder or climbs by `..`, is taken as the
 * server resolved it. So two files never have one default key.
 * @param resolvedPath undefined before the server was asked
 * @returns undefined when the key depends on the resolved path and that is not known yet
 * @throws InvalidTransferRequestError if the bucket is not one of ours, the key too long for S3, or the path a folder
 *   "~" of the root, whose default keys are those of the home folder
 */
export function resolveTarget(request: TransferRequest, settings: TargetSettings): Target | undefined;
export function resolveTarget(
  request: TransferRequest,
  settings: TargetSettings,
  resolvedPath: string,
): Target;
export function resolveTarget(
  request: TransferRequest,
  settings: TargetSettings,
  resolvedPath?: string,
): Target | undefined {
  const bucket = request.target_s3_bucket ?? settings.landingBucket;
  const known = [settings.landingBucket, ...settings.allowedBuckets];
  if (!known.includes(bucket)) {
    throw new InvalidTransferRequestError(
      'target_s3_bucket',
      bucket,
      `it must be one of the configured buckets: ${known.join(', ')}`,
    );
  }
  if (request.target_s3_key !== undefined) return { bucket, key: request.target_s3_key };
  const path = isUnambiguous(request.sftp_file_path) ? request.sftp_file_path : resolvedPath;
  return path === undefined ? undefined : { bucket, key: defaultKey(path, settings.keyPrefix) };
}

/** An absolute path without `..` names its file by itself. */
function isUnambiguous(path: string): boolean {
  return path.startsWith('/') && !path.split('/').includes('..');
}

/** A path that the server could not make absolute is marked, as URLs do it. */
const HOME = '/~/';

function defaultKey(path: string, prefix: string): string {
  const normalized = posix.normalize(path.startsWith('/') ? path : HOME + path);
  if (path.startsWith('/') && normalized.startsWith(HOME)) {
    throw new InvalidTransferRequestError(
      'sftp_file_path',
      path,
      `a path that counts from the home folder is written without ${HOME}; for a folder "~" of the root, give ` +
        'target_s3_key, since its default key is one of the home folder',
    );
  }
  const relative = normalized.slice(1);
  const { target_s3_key } = parseContract(targetKeySchema, {
    target_s3_key: prefix === '' ? relative : `${prefix}/${relative}`,
  });
  return target_s3_key;
}
