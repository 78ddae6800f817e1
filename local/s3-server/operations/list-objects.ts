import type { Operation } from '../request/call.ts';
import { pageSize } from '../request/paging.ts';
import { sendXml } from '../responses.ts';
import { S3Error } from '../s3-error.ts';

/** One line of a listing: an object, or a common prefix that stands for several. */
interface Entry {
  /** What a continuation goes on after. */
  name: string;
  isPrefix: boolean;
}

/** ListObjectsV2 with prefix, delimiter, start-after and paging. */
export const listObjects: Operation = async ({ bucket, query, objects, response }) => {
  objects.requireBucket(bucket);
  const prefix = query.get('prefix') ?? '';
  const delimiter = query.get('delimiter') ?? '';
  const maxKeys = pageSize(query, 'max-keys');
  const after = startOfPage(query);
  const encode = query.get('encoding-type') === 'url' ? encodeURIComponent : (text: string) => text;

  const records = new Map((await objects.list(bucket)).map((record) => [record.key, record]));
  const entries = new Map<string, Entry>();
  for (const key of records.keys()) {
    if (!key.startsWith(prefix)) continue;
    const entry = toEntry(key, prefix, delimiter);
    if (after === undefined || isAfter(entry.name, after)) entries.set(entry.name, entry);
  }
  const page = [...entries.values()].slice(0, maxKeys);
  const isTruncated = entries.size > page.length && maxKeys > 0;
  const last = page.at(-1);
  sendXml(response, 'ListBucketResult', {
    Name: bucket,
    Prefix: encode(prefix),
    Delimiter: delimiter === '' ? undefined : encode(delimiter),
    EncodingType: query.get('encoding-type') ?? undefined,
    MaxKeys: maxKeys,
    KeyCount: page.length,
    StartAfter: query.get('start-after') ?? undefined,
    ContinuationToken: query.get('continuation-token') ?? undefined,
    NextContinuationToken: isTruncated && last !== undefined ? toToken(last.name) : undefined,
    IsTruncated: isTruncated,
    Contents: page.flatMap(({ name, isPrefix }) => {
      const record = isPrefix ? undefined : records.get(name);
      if (record === undefined) return [];
      return [
        {
          Key: encode(record.key),
          LastModified: record.lastModified,
          ETag: `"${record.etag}"`,
          ChecksumAlgorithm: record.checksum.algorithm,
          ChecksumType: 'FULL_OBJECT',
          Size: record.sizeBytes,
          StorageClass: 'STANDARD',
        },
      ];
    }),
    CommonPrefixes: page.filter(({ isPrefix }) => isPrefix).map(({ name }) => ({ Prefix: encode(name) })),
  });
};

function toEntry(key: string, prefix: string, delimiter: string): Entry {
  const end = delimiter === '' ? -1 : key.indexOf(delimiter, prefix.length);
  if (end === -1) return { name: key, isPrefix: false };
  return { name: key.slice(0, end + delimiter.length), isPrefix: true };
}

const isAfter = (name: string, other: string): boolean =>
  Buffer.compare(Buffer.from(name), Buffer.from(other)) > 0;

const toToken = (name: string): string => Buffer.from(name, 'utf8').toString('base64url');

function startOfPage(query: URLSearchParams): string | undefined {
  const token = query.get('continuation-token');
  if (token === null) return query.get('start-after') ?? undefined;
  const name = Buffer.from(token, 'base64url').toString('utf8');
  if (toToken(name) !== token) {
    throw new S3Error('InvalidArgument', 'The continuation token provided is incorrect', {
      ArgumentName: 'continuation-token',
    });
  }
  return name;
}
