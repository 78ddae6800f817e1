import type { IncomingHttpHeaders } from 'node:http';
import { S3_MAX_USER_METADATA_BYTES } from '../../transfer/limits.ts';
import { S3Error } from './s3-error.ts';

const USER_METADATA_PREFIX = 'x-amz-meta-';
const KEPT_HEADERS = [
  'cache-control',
  'content-disposition',
  'content-encoding',
  'content-language',
  'content-type',
  'expires',
] as const;
/** What S3 says of an object that was put without a type. */
const DEFAULT_CONTENT_TYPE = 'binary/octet-stream';

/**
 * The headers of a request that become the object's own.
 * @throws S3Error MetadataTooLarge
 */
export function objectHeaders(headers: IncomingHttpHeaders): Record<string, string> {
  const kept: Record<string, string> = {};
  let userMetadataBytes = 0;
  for (const [name, value] of Object.entries(headers)) {
    if (!name.startsWith(USER_METADATA_PREFIX)) continue;
    kept[name] = String(value);
    userMetadataBytes +=
      Buffer.byteLength(name) - USER_METADATA_PREFIX.length + Buffer.byteLength(String(value));
  }
  if (userMetadataBytes > S3_MAX_USER_METADATA_BYTES) {
    throw new S3Error('MetadataTooLarge', 'Your metadata headers exceed the maximum allowed metadata size', {
      Size: userMetadataBytes,
      MaxSizeAllowed: S3_MAX_USER_METADATA_BYTES,
    });
  }
  for (const name of KEPT_HEADERS) {
    const value = headers[name];
    if (value !== undefined) kept[name] = value;
  }
  // aws-chunked is how the body travelled, not what it is.
  const encoding = kept['content-encoding']?.replace(/,?\s*aws-chunked\s*/, '');
  delete kept['content-encoding'];
  return { 'content-type': DEFAULT_CONTENT_TYPE, ...kept, ...(encoding && { 'content-encoding': encoding }) };
}
