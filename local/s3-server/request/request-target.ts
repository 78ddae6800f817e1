import { S3_MAX_KEY_BYTES } from '../../../transfer/limits.ts';
import { S3Error } from '../s3-error.ts';

/** What a path-style request is about. An empty `key` means the bucket itself. */
export interface RequestTarget {
  bucket: string;
  key: string;
  query: URLSearchParams;
}

const BUCKET_NAME = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;

/**
 * Splits the raw request target `/bucket/key?query`. The WHATWG URL class cannot be used here: it resolves `..`,
 * which is an ordinary part of an S3 key.
 * @throws S3Error InvalidURI, InvalidBucketName or KeyTooLongError
 */
export function parseRequestTarget(rawTarget: string): RequestTarget {
  const queryStart = rawTarget.indexOf('?');
  const path = queryStart === -1 ? rawTarget : rawTarget.slice(0, queryStart);
  const query = new URLSearchParams(queryStart === -1 ? '' : rawTarget.slice(queryStart + 1));
  const keyStart = path.indexOf('/', 1);
  const bucket = decode(keyStart === -1 ? path.slice(1) : path.slice(1, keyStart));
  const key = keyStart === -1 ? '' : decode(path.slice(keyStart + 1));
  if (!BUCKET_NAME.test(bucket)) {
    throw new S3Error('InvalidBucketName', 'The specified bucket is not valid.', { BucketName: bucket });
  }
  const keySizeBytes = Buffer.byteLength(key, 'utf8');
  if (keySizeBytes > S3_MAX_KEY_BYTES) {
    throw new S3Error('KeyTooLongError', 'Your key is too long', {
      Size: keySizeBytes,
      MaxSizeAllowed: S3_MAX_KEY_BYTES,
    });
  }
  return { bucket, key, query };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new S3Error('InvalidURI', "Couldn't parse the specified URI.");
  }
}
