import { parseNames } from '../../../../sftp/folder/parse-names.ts';
import { namePacket } from '../../../support/sftp/name-packet.ts';

test('every attribute that there can be, and names as bytes', () => {
  const latin1 = Buffer.from([0x72, 0xe9]);
  const packet = namePacket(7, [
    { name: latin1, size: 5_000_000_000n, owner: [0, 0], mode: 0o100644, times: [1, 4_000_000_000] },
    { name: Buffer.from('bare') },
    { name: Buffer.alloc(0), mode: 0o040755, extended: [['acl', 'x']] },
    { name: Buffer.from('last'), size: 0n },
  ]);

  expect(parseNames(packet)).toEqual([
    {
      name: latin1,
      attributes: { sizeBytes: 5_000_000_000, mode: 0o100644, modifiedAtSeconds: 4_000_000_000 },
    },
    { name: Buffer.from('bare'), attributes: {} },
    { name: Buffer.alloc(0), attributes: { mode: 0o040755 } },
    { name: Buffer.from('last'), attributes: { sizeBytes: 0 } },
  ]);
});

test('a packet cut anywhere is an error, and no name is made up', () => {
  const packet = namePacket(7, [{ name: Buffer.from('abc'), size: 1n, mode: 0o100644, times: [1, 2] }]);
  for (let length = 5; length < packet.length; length += 1) {
    expect(() => parseNames(packet.subarray(0, length))).toThrow(
      expect.objectContaining({ name: 'RangeError' }),
    );
  }
});

test('no names', () => {
  expect(parseNames(namePacket(7, []))).toEqual([]);
});
