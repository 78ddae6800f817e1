import { createHash } from 'node:crypto';
import { S3_MAX_USER_METADATA_BYTES } from './limits.ts';

/** Names the execution that made an object, for people. A name can be used again, so it identifies nothing. */
export const EXECUTION_METADATA_KEY = 'transfer-execution';
/** Identifies the one plan that made an object, so that CompleteUpload recognises its own object. */
export const TRANSFER_ID_METADATA_KEY = 'transfer-id';

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
  /** Of this plan only: random. */
  transferId: string;
}): Record<string, string> {
  const path = source.path.startsWith('/') ? source.path : `/~/${source.path}`;
  const url = source.serverUrl + path.split('/').map(encodeURIComponent).join('/');
  const identity =
    url.length <= MAX_SOURCE_URL_BYTES
      ? { 'source-url': url }
      : { 'source-path-sha256': createHash('sha256').update(source.path).digest('hex') };
  return {
    ...identity,
    'source-size-bytes': String(source.sizeBytes),
    'source-modified-at': source.modifiedAt,
    [EXECUTION_METADATA_KEY]: toAscii(source.executionId),
    [TRANSFER_ID_METADATA_KEY]: source.transferId,
  };
}

/** Names of executions may hold any letter, HTTP headers may not: what is not ASCII is percent-encoded. */
function toAscii(text: string): string {
  return text.replace(/[^\x21-\x7e]/gu, encodeURIComponent);
}
