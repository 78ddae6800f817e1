import type { IncomingHttpHeaders } from 'node:http';
import { S3Error } from '../s3-error.ts';
import {
  type Checksum,
  type ChecksumAlgorithm,
  checksumAlgorithmByName,
  requireChecksumValue,
} from './checksums.ts';

/** What a request's headers promise about its body. */
export interface BodyPromise {
  /** Of the payload, without aws-chunked framing. */
  sizeBytes: number;
  isAwsChunked: boolean;
  /** MD5, base64. */
  contentMd5?: string;
  /** SHA-256 of the payload, hex; absent where the client signs none. */
  sha256?: string;
  /** Algorithm of the checksum that comes with the body. */
  checksumAlgorithm?: ChecksumAlgorithm;
  /** Absent while the checksum is still to come in the trailer. */
  checksum?: Checksum;
}

const CHECKSUM_HEADER = /^x-amz-checksum-(?!algorithm$|type$|mode$)/;
const MD5_BYTES = 16;

/** @throws S3Error when headers are missing, malformed or contradict each other. */
export function parseBodyHeaders(headers: IncomingHttpHeaders): BodyPromise {
  const contentSha256 = header(headers, 'x-amz-content-sha256');
  const isAwsChunked =
    contentSha256?.startsWith('STREAMING-') === true ||
    /\baws-chunked\b/.test(headers['content-encoding'] ?? '');
  const contentMd5 = headers['content-md5'] as string | undefined;
  if (contentMd5 !== undefined && Buffer.from(contentMd5, 'base64').length !== MD5_BYTES) {
    throw new S3Error('InvalidDigest', 'The Content-MD5 you specified was invalid.');
  }
  return {
    sizeBytes: parseSize(header(headers, isAwsChunked ? 'x-amz-decoded-content-length' : 'content-length')),
    isAwsChunked,
    ...(contentMd5 !== undefined && { contentMd5 }),
    ...(/^[0-9a-f]{64}$/.test(contentSha256 ?? '') && { sha256: contentSha256 as string }),
    ...parseChecksumHeaders(headers),
  };
}

/** The one `x-amz-checksum-*` header, or the algorithm that `x-amz-trailer` announces. */
export function parseChecksumHeaders(
  headers: IncomingHttpHeaders,
): Pick<BodyPromise, 'checksumAlgorithm' | 'checksum'> {
  const announced = header(headers, 'x-amz-trailer');
  const names = Object.keys(headers).filter((name) => CHECKSUM_HEADER.test(name));
  if (announced !== undefined) names.push(announced.trim().toLowerCase());
  if (names.length > 1) {
    throw new S3Error(
      'InvalidRequest',
      'Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.',
    );
  }
  const sdkAlgorithm = header(headers, 'x-amz-sdk-checksum-algorithm');
  const [name] = names;
  if (name === undefined) {
    if (sdkAlgorithm === undefined) return {};
    throw new S3Error(
      'InvalidRequest',
      'x-amz-sdk-checksum-algorithm specified, but no corresponding x-amz-checksum-* or x-amz-trailer headers were found.',
    );
  }
  if (!CHECKSUM_HEADER.test(name)) {
    throw new S3Error('InvalidRequest', 'The value specified in the x-amz-trailer header is not supported');
  }
  const checksumAlgorithm = checksumAlgorithmByName(name.slice('x-amz-checksum-'.length));
  if (sdkAlgorithm !== undefined && sdkAlgorithm.toUpperCase() !== checksumAlgorithm) {
    throw new S3Error('InvalidRequest', 'Value for x-amz-sdk-checksum-algorithm header is invalid.');
  }
  const value = header(headers, name);
  if (value === undefined) return { checksumAlgorithm };
  return { checksumAlgorithm, checksum: requireChecksumValue(checksumAlgorithm, value) };
}

function parseSize(value: string | undefined): number {
  if (value === undefined || !/^\d{1,15}$/.test(value)) {
    throw new S3Error('MissingContentLength', 'You must provide the Content-Length HTTP header.');
  }
  return Number(value);
}

function header(headers: IncomingHttpHeaders, name: string): string | undefined {
  const value = headers[name];
  return Array.isArray(value) ? value.join(', ') : value;
}
