const REFLECTED_POLYNOMIAL = 0x9a6c9329ac4bc9b5n;
const ALL_ONES = 0xffff_ffff_ffff_ffffn;

/** Base64 CRC64NVME, bit by bit as the definition has it: slow, and independent of the product's arithmetic. */
export function crc64NvmeOf(bytes: Uint8Array): string {
  let crc = ALL_ONES;
  for (const byte of bytes) {
    crc ^= BigInt(byte);
    for (let bit = 0; bit < 8; bit += 1) crc = (crc >> 1n) ^ ((crc & 1n) === 1n ? REFLECTED_POLYNOMIAL : 0n);
  }
  const checksum = Buffer.alloc(8);
  checksum.writeBigUInt64BE(crc ^ ALL_ONES);
  return checksum.toString('base64');
}
