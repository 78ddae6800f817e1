import { randomBytes } from 'node:crypto';
import { Crc64NvmeHasher } from '../../../../s3/crc64-nvme/hasher.ts';
import { crc64NvmeOf } from '../../../support/s3/crc64-nvme-of.ts';

const filled = (sizeBytes: number, byteAt: (index: number) => number): Buffer =>
  Buffer.from(Uint8Array.from({ length: sizeBytes }, (_, index) => byteAt(index)));

describe('Crc64NvmeHasher', () => {
  // The last four are the test cases of the NVM Express NVM Command Set Specification.
  test.each([
    ['no bytes', Buffer.alloc(0), '0000000000000000'],
    ["'a'", Buffer.from('a'), '8c2f8445b4cbfc3c'],
    ["'123456789', the catalogue's check", Buffer.from('123456789'), 'ae8b14860a799888'],
    ['4,096 zero bytes', Buffer.alloc(4_096), '6482d367eb22b64e'],
    ['4,096 bytes of ff', Buffer.alloc(4_096, 0xff), 'c0ddba7302eca3ac'],
    ['4,096 bytes counting up', filled(4_096, (index) => index & 255), '3e729f5f6750449c'],
    ['4,096 bytes counting down', filled(4_096, (index) => 255 - (index & 255)), '9a2df64b8e9e517e'],
  ])('%s', (_name, bytes, expected) => {
    const hasher = new Crc64NvmeHasher();
    hasher.update(bytes);
    expect(hasher.digest().toString('hex')).toBe(expected);
  });

  test('is right for every alignment and length around a step', () => {
    const memory = randomBytes(64);
    for (let offset = 0; offset < 9; offset += 1) {
      for (let length = 0; length <= 40; length += 1) {
        const bytes = memory.subarray(offset, offset + length);
        const hasher = new Crc64NvmeHasher();
        hasher.update(bytes);
        expect({ offset, length, crc: hasher.digest().toString('base64') }).toEqual({
          offset,
          length,
          crc: crc64NvmeOf(bytes),
        });
      }
    }
  });

  test('does not depend on how the bytes are cut', () => {
    const whole = randomBytes(10_000);
    const hasher = new Crc64NvmeHasher();
    for (let start = 0, size = 1; start < whole.length; start += size, size += 13) {
      hasher.update(whole.subarray(start, start + size));
    }
    expect(hasher.digest().toString('base64')).toBe(crc64NvmeOf(whole));
  });
});
