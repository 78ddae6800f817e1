/**
 * CRC-64/NVME of a stream, the checksum that S3 calls CRC64NVME.
 *
 * Eight bytes a step through eight tables. The 64-bit register is held as two 32-bit halves, because BigInt
 * arithmetic allocates on every operation, and the input is read as 32-bit words (little-endian, as every platform
 * of Node that Lambda has). Two to three times as fast as the SDK's own.
 */

/** Reflected, high and low half: https://reveng.sourceforge.io/crc-catalogue/all.htm#crc.cat.crc-64-nvme */
const POLYNOMIAL_HIGH = 0x9a6c9329 | 0;
const POLYNOMIAL_LOW = 0xac4bc9b5 | 0;
const TABLES = 8;
const WORD_BYTES = 4;
const STEP_BYTES = 8;

const [TABLE_HIGH, TABLE_LOW] = makeTables();

export class Crc64NvmeHasher {
  #high = -1;
  #low = -1;

  update(bytes: Uint8Array): void {
    const misalignment = (WORD_BYTES - (bytes.byteOffset % WORD_BYTES)) % WORD_BYTES;
    const wordsStart = Math.min(misalignment, bytes.length);
    const steps = Math.floor((bytes.length - wordsStart) / STEP_BYTES);
    this.#updateByByte(bytes, 0, wordsStart);
    if (steps > 0) this.#updateByStep(new Int32Array(bytes.buffer, bytes.byteOffset + wordsStart, steps * 2));
    this.#updateByByte(bytes, wordsStart + steps * STEP_BYTES, bytes.length);
  }

  /** Eight bytes, big-endian, as S3 shows the checksum. More bytes may follow. */
  digest(): Buffer {
    const digest = Buffer.alloc(8);
    digest.writeInt32BE(~this.#high, 0);
    digest.writeInt32BE(~this.#low, 4);
    return digest;
  }

  #updateByByte(bytes: Uint8Array, start: number, end: number): void {
    let high = this.#high;
    let low = this.#low;
    for (let at = start; at < end; at += 1) {
      const index = (low ^ (bytes[at] as number)) & 255;
      low = ((low >>> 8) | (high << 24)) ^ (TABLE_LOW[index] as number);
      high = (high >>> 8) ^ (TABLE_HIGH[index] as number);
    }
    this.#high = high;
    this.#low = low;
  }

  /** Two words a step. All indexes are in bounds, so `as number` hides no undefined. */
  #updateByStep(words: Int32Array): void {
    let high = this.#high;
    let low = this.#low;
    for (let at = 0; at < words.length; at += 2) {
      const first = low ^ (words[at] as number);
      const second = high ^ (words[at + 1] as number);
      // The earlier a byte, the more bytes follow it in this step, and the higher its table's number.
      const i7 = 0x700 | (first & 255);
      const i6 = 0x600 | ((first >>> 8) & 255);
      const i5 = 0x500 | ((first >>> 16) & 255);
      const i4 = 0x400 | (first >>> 24);
      const i3 = 0x300 | (second & 255);
      const i2 = 0x200 | ((second >>> 8) & 255);
      const i1 = 0x100 | ((second >>> 16) & 255);
      const i0 = second >>> 24;
      high =
        (TABLE_HIGH[i7] as number) ^
        (TABLE_HIGH[i6] as number) ^
        (TABLE_HIGH[i5] as number) ^
        (TABLE_HIGH[i4] as number) ^
        (TABLE_HIGH[i3] as number) ^
        (TABLE_HIGH[i2] as number) ^
        (TABLE_HIGH[i1] as number) ^
        (TABLE_HIGH[i0] as number);
      low =
        (TABLE_LOW[i7] as number) ^
        (TABLE_LOW[i6] as number) ^
        (TABLE_LOW[i5] as number) ^
        (TABLE_LOW[i4] as number) ^
        (TABLE_LOW[i3] as number) ^
        (TABLE_LOW[i2] as number) ^
        (TABLE_LOW[i1] as number) ^
        (TABLE_LOW[i0] as number);
    }
    this.#high = high;
    this.#low = low;
  }
}

/** At `table * 256 + byte`: the register after `byte` and `table` zero bytes more. */
function makeTables(): [high: Int32Array, low: Int32Array] {
  const tableHigh = new Int32Array(TABLES * 256);
  const tableLow = new Int32Array(TABLES * 256);
  for (let byte = 0; byte < 256; byte += 1) {
    let high = 0;
    let low = byte;
    for (let table = 0; table < TABLES; table += 1) {
      for (let bit = 0; bit < 8; bit += 1) {
        const carry = low & 1;
        low = (low >>> 1) | (high << 31);
        high >>>= 1;
        if (carry === 1) {
          low ^= POLYNOMIAL_LOW;
          high ^= POLYNOMIAL_HIGH;
        }
      }
      tableHigh[table * 256 + byte] = high;
      tableLow[table * 256 + byte] = low;
    }
  }
  return [tableHigh, tableLow];
}

/** The CRC64NVME of bytes that are all in memory, in base64, as S3's headers have it. */
export function crc64NvmeOf(bytes: Uint8Array): string {
  const hasher = new Crc64NvmeHasher();
  hasher.update(bytes);
  return hasher.digest().toString('base64');
}
