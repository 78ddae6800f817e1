import { parseRange } from '../../../../../local/s3-server/request/byte-range.ts';

describe('parseRange', () => {
  test.each([
    ['no header', undefined, 10, undefined],
    ['first byte', 'bytes=0-0', 10, { startByte: 0, endByte: 1 }],
    ['last byte', 'bytes=9-9', 10, { startByte: 9, endByte: 10 }],
    ['beyond the end', 'bytes=5-99', 10, { startByte: 5, endByte: 10 }],
    ['open end', 'bytes=4-', 10, { startByte: 4, endByte: 10 }],
    ['suffix', 'bytes=-3', 10, { startByte: 7, endByte: 10 }],
    ['suffix longer than the object', 'bytes=-30', 10, { startByte: 0, endByte: 10 }],
    ['backwards, so ignored', 'bytes=5-4', 10, undefined],
    ['two ranges, so ignored', 'bytes=0-1,3-4', 10, undefined],
    ['another unit, so ignored', 'lines=0-1', 10, undefined],
    ['no numbers, so ignored', 'bytes=-', 10, undefined],
  ])('%s', (_name, header, sizeBytes, expected) => {
    expect(parseRange(header, sizeBytes)).toEqual(expected);
  });

  test.each([
    ['after the end', 'bytes=10-', 10],
    ['of no bytes', 'bytes=-0', 10],
    ['of an empty object', 'bytes=0-0', 0],
    ['suffix of an empty object', 'bytes=-1', 0],
  ])('cannot satisfy a range %s', (_name, header, sizeBytes) => {
    expect(() => parseRange(header, sizeBytes)).toThrow(expect.objectContaining({ code: 'InvalidRange' }));
  });
});
