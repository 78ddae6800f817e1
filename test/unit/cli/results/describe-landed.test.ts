import { describeLanded } from '../../../../cli/results/describe-landed.ts';

const LANDED = {
  bucket: 'landing',
  key: 'in/Übersicht 1.bin',
  sizeBytes: 10_485_760,
  chunkCount: 2,
  seconds: 5,
  bytesPerSecond: 2_097_152,
};

test('a transfer whose retries were counted', () => {
  expect(describeLanded({ ...LANDED, retries: 1, checksumCrc64Nvme: 'rosUhgY3jKs=' })).toBe(
    [
      'Landed: s3://landing/in/Übersicht 1.bin',
      '  10485760 bytes in 2 chunks, 5.0 s, 2.0 MiB/s, 1 retry',
      '  CRC64NVME rosUhgY3jKs=',
    ].join('\n'),
  );
});

test.each([
  ['null', null],
  ['absent', undefined],
])('a checksum that is %s, and retries that nobody counted', (_, checksumCrc64Nvme) => {
  expect(describeLanded({ ...LANDED, chunkCount: 1, checksumCrc64Nvme })).toBe(
    [
      'Landed: s3://landing/in/Übersicht 1.bin',
      '  10485760 bytes in 1 chunk, 5.0 s, 2.0 MiB/s',
      '  CRC64NVME not shown by the store',
    ].join('\n'),
  );
});
