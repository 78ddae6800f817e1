import { createHash } from 'node:crypto';
import { S3_MAX_USER_METADATA_BYTES } from './limits.ts';

/** Identifies the execution that made an object: CompleteUpload recognises its own object by it. */
export const EXECUTION_METADATA_KEY = 'transfer-execution';

/** Leaves room for the other entries within S3_MAX_USER_METADATA_BYTES. */
const MAX_SOURCE_URL_BYTES = S3_MAX_USER_METADATA_BYTES - 1_024;

/**
 * The object's user metadata. S3 carries it in HTTP headers, so the path is percent-encoded; one too long for S3
 * is replaced by its SHA-256.
 */
export function describeSource(source: {
  serverUrl: string;
  path: string;
  sizeBytes: number;
  modifiedAt: string;
  executionId: string;
}): Record<string, string> {
  const url = source.serverUrl + source.path.split('/').map(encodeURIComponent).join('/');
  const identity =
    url.length <= MAX_SOURCE_URL_BYTES
      ? { 'source-url': url }
      : { 'source-path-sha256': createHash('sha256').update(source.path).digest('hex') };
  return {
    ...identity,
    'source-size-bytes': String(source.sizeBytes),
    'source-modified-at': source.modifiedAt,
    [EXECUTION_METADATA_KEY]: source.executionId,
  };
}
