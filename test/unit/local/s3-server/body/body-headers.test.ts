import { parseBodyHeaders } from '../../../../../local/s3-server/body/body-headers.ts';

const SHA256_OF_NOTHING = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';

describe('parseBodyHeaders', () => {
  test.each([
    ['a plain body', { 'content-length': '3' }, { sizeBytes: 3, isAwsChunked: false }],
    [
      'digests',
      {
        'content-length': '0',
        'content-md5': '1B2M2Y8AsgTpgAmY7PhCfg==',
        'x-amz-content-sha256': SHA256_OF_NOTHING,
        'x-amz-checksum-crc64nvme': 'AAAAAAAAAAA=',
      },
      {
        sizeBytes: 0,
        isAwsChunked: false,
        contentMd5: '1B2M2Y8AsgTpgAmY7PhCfg==',
        sha256: SHA256_OF_NOTHING,
        checksumAlgorithm: 'CRC64NVME',
        checksum: { algorithm: 'CRC64NVME', value: 'AAAAAAAAAAA=' },
      },
    ],
    [
      'a stream as the SDK sends it',
      {
        'transfer-encoding': 'chunked',
        'content-encoding': 'aws-chunked',
        'x-amz-decoded-content-length': '9',
        'x-amz-content-sha256': 'STREAMING-UNSIGNED-PAYLOAD-TRAILER',
        'x-amz-trailer': 'x-amz-checksum-crc64nvme',
        'x-amz-sdk-checksum-algorithm': 'CRC64NVME',
      },
      { sizeBytes: 9, isAwsChunked: true, checksumAlgorithm: 'CRC64NVME' },
    ],
    [
      'an unsigned payload',
      { 'content-length': '1', 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD' },
      { sizeBytes: 1, isAwsChunked: false },
    ],
  ])('%s', (_name, headers, expected) => {
    expect(parseBodyHeaders(headers)).toEqual(expected);
  });

  test.each([
    ['no length', {}, 'MissingContentLength'],
    ['a length that is none', { 'content-length': '-1' }, 'MissingContentLength'],
    [
      'aws-chunked without the decoded length',
      { 'content-length': '3', 'content-encoding': 'gzip,aws-chunked' },
      'MissingContentLength',
    ],
    ['an MD5 that is none', { 'content-length': '3', 'content-md5': 'abc' }, 'InvalidDigest'],
    [
      'two checksums',
      {
        'content-length': '3',
        'x-amz-checksum-crc32': 'AAAAAA==',
        'x-amz-checksum-crc64nvme': 'AAAAAAAAAAA=',
      },
      'InvalidRequest',
    ],
    [
      'a checksum before and after',
      { 'content-length': '3', 'x-amz-checksum-crc32': 'AAAAAA==', 'x-amz-trailer': 'x-amz-checksum-crc32' },
      'InvalidRequest',
    ],
    [
      'a checksum of another length',
      { 'content-length': '3', 'x-amz-checksum-crc64nvme': 'AAAAAA==' },
      'InvalidRequest',
    ],
    [
      'a checksum that is no base64',
      { 'content-length': '3', 'x-amz-checksum-crc32': 'zzz' },
      'InvalidRequest',
    ],
    ['another trailer', { 'content-length': '3', 'x-amz-trailer': 'x-amz-meta-a' }, 'InvalidRequest'],
    [
      'an algorithm without checksum',
      { 'content-length': '3', 'x-amz-sdk-checksum-algorithm': 'CRC64NVME' },
      'InvalidRequest',
    ],
    [
      'an algorithm other than that of the checksum',
      {
        'content-length': '3',
        'x-amz-sdk-checksum-algorithm': 'CRC64NVME',
        'x-amz-checksum-crc32': 'AAAAAA==',
      },
      'InvalidRequest',
    ],
    [
      'an algorithm that this server has not',
      { 'content-length': '3', 'x-amz-checksum-crc32c': 'AAAAAA==' },
      'NotImplemented',
    ],
  ])('refuses %s', (_name, headers, code) => {
    expect(() => parseBodyHeaders(headers)).toThrow(expect.objectContaining({ code }));
  });
});
