import { randomBytes } from 'node:crypto';
import { combineCrc64Nvme } from '../../../../s3/crc64-nvme/combine.ts';
import { Crc64NvmeHasher } from '../../../../s3/crc64-nvme/hasher.ts';

const MIB = 1024 ** 2;
const GIB = 1024 ** 3;

/** Of the bytes '123456789': ae8b14860a799888, the catalogue's check value. */
const CHECK_VALUE = 'rosUhgp5mIg=';
const OF_NO_BYTES = 'AAAAAAAAAAA=';

// Expected values come from a bit-by-bit implementation in another language, and for the large ones from powers of a
// 64 x 64 bit matrix: neither the hasher's tables nor the polynomial arithmetic under test.
describe('combineCrc64Nvme', () => {
  test.each([
    ['no parts', [], OF_NO_BYTES],
    ['one part', [{ checksum: CHECK_VALUE, sizeBytes: 9 }], CHECK_VALUE],
    [
      "'1234' and '56789'",
      [
        { checksum: 'KfXb5+L/cdQ=', sizeBytes: 4 },
        { checksum: '+H3Ihxds5mc=', sizeBytes: 5 },
      ],
      CHECK_VALUE,
    ],
    [
      'an empty part before, between and after',
      [
        { checksum: OF_NO_BYTES, sizeBytes: 0 },
        { checksum: 'w0MIGLRZZYI=', sizeBytes: 6 },
        { checksum: OF_NO_BYTES, sizeBytes: 0 },
        { checksum: 'NKb0GPs3WL8=', sizeBytes: 5 },
        { checksum: OF_NO_BYTES, sizeBytes: 0 },
      ],
      'jSnVw/bqjr4=',
    ],
    [
      "2,000 times '123456789'",
      Array.from({ length: 2_000 }, () => ({ checksum: CHECK_VALUE, sizeBytes: 9 })),
      'GHpHodMpqL4=',
    ],
    [
      "'1234' and 5 GiB of zero bytes",
      [
        { checksum: 'KfXb5+L/cdQ=', sizeBytes: 4 },
        { checksum: 'zjb+AoVWnSA=', sizeBytes: 5 * GIB },
      ],
      'KBYItE1x0yk=',
    ],
    [
      '2,000 parts of 50 MiB of zero bytes',
      Array.from({ length: 2_000 }, () => ({ checksum: 'ZfX5vT9m/o8=', sizeBytes: 50 * MIB })),
      '9AdgT0MSKwc=',
    ],
  ])('%s', (_name, parts, expected) => {
    expect(combineCrc64Nvme(parts)).toBe(expected);
  });

  test('is what hashing the whole gives, wherever it is cut', () => {
    const whole = randomBytes(300_000);
    const sizes = [1, 2, 3, 7, 8, 9, 4_095, 4_096, 65_537, 100_000];
    const parts = [];
    let start = 0;
    for (const sizeBytes of [...sizes, whole.length - sizes.reduce((sum, size) => sum + size)]) {
      parts.push({ checksum: hash(whole.subarray(start, start + sizeBytes)), sizeBytes });
      start += sizeBytes;
    }
    expect(combineCrc64Nvme(parts)).toBe(hash(whole));
  });

  test('sees parts that have changed places', () => {
    const first = { checksum: 'KfXb5+L/cdQ=', sizeBytes: 4 };
    const second = { checksum: '+H3Ihxds5mc=', sizeBytes: 5 };
    expect(combineCrc64Nvme([second, first])).not.toBe(CHECK_VALUE);
  });

  test('takes time by the number of sizes, not of bytes', () => {
    const parts = Array.from({ length: 10_000 }, () => ({ checksum: CHECK_VALUE, sizeBytes: 5 * GIB }));
    const startedMs = performance.now();
    combineCrc64Nvme(parts);
    expect(performance.now() - startedMs).toBeLessThan(5_000);
  });

  test.each([
    ['no base64 of eight bytes', { checksum: 'rosUhgp5', sizeBytes: 9 }],
    ['an empty checksum', { checksum: '', sizeBytes: 9 }],
    ['a negative size', { checksum: CHECK_VALUE, sizeBytes: -1 }],
    ['half a byte', { checksum: CHECK_VALUE, sizeBytes: 0.5 }],
    ['an inexact size', { checksum: CHECK_VALUE, sizeBytes: 2 ** 53 }],
  ])('refuses %s', (_name, part) => {
    expect(() => combineCrc64Nvme([part])).toThrow(RangeError);
  });
});

function hash(bytes: Uint8Array): string {
  const hasher = new Crc64NvmeHasher();
  hasher.update(bytes);
  return hasher.digest().toString('base64');
}
