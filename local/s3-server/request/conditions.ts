import type { IncomingHttpHeaders } from 'node:http';
import { S3Error } from '../s3-error.ts';

/**
 * True for `If-None-Match: *`, the only condition on writes that this server knows.
 * @throws S3Error NotImplemented for any other condition, rather than ignoring it
 */
export function onlyIfAbsent(headers: IncomingHttpHeaders): boolean {
  const ifNoneMatch = headers['if-none-match'];
  if (headers['if-match'] !== undefined || (ifNoneMatch !== undefined && ifNoneMatch !== '*')) {
    throw new S3Error(
      'NotImplemented',
      'Of the conditions on writes, this server knows If-None-Match: * only.',
    );
  }
  return ifNoneMatch === '*';
}
