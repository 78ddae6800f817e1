/**
 * The CRC64NVME of a whole from those of its parts, without the bytes.
 *
 * A CRC is the remainder of the message as a polynomial over GF(2). Appending n bytes multiplies what came before by
 * x^(8n), so crc(A B) = crc(A) * x^(8 |B|) + crc(B) modulo P; the initial value and the final XOR, both all ones,
 * cancel out, as in zlib's crc32_combine. Registers are bit-reflected: the coefficient of x^0 is the highest bit.
 */

/** Reflected: https://reveng.sourceforge.io/crc-catalogue/all.htm#crc.cat.crc-64-nvme */
const POLYNOMIAL = 0x9a6c9329ac4bc9b5n;
const ONE = 1n << 63n;
const X = 1n << 62n;
const CHECKSUM_BYTES = 8;
/** Number.MAX_SAFE_INTEGER bytes have fewer than 2^56 bits. */
const MAX_POWER_BITS = 56;

/** At k: x^(2^k) modulo P. */
const SQUARES = makeSquares();

/**
 * Combines the parts of a message, in their order, into the checksum of the message. Checksums are base64 of eight
 * big-endian bytes, as S3 shows them. No parts, or empty ones only, give the checksum of no bytes.
 * @throws RangeError when a checksum or a size is none
 */
export function combineCrc64Nvme(parts: readonly { checksum: string; sizeBytes: number }[]): string {
  // All parts but the last have one size as a rule, so its power is worked out once.
  const powerBySize = new Map<number, bigint>();
  let register = 0n;
  for (const { checksum, sizeBytes } of parts) {
    let power = powerBySize.get(sizeBytes);
    if (power === undefined) {
      power = powerOfX(sizeBytes);
      powerBySize.set(sizeBytes, power);
    }
    register = multiply(register, power) ^ decode(checksum);
  }
  return encode(register);
}

/** x^(8 * sizeBytes) modulo P. */
function powerOfX(sizeBytes: number): bigint {
  if (!Number.isSafeInteger(sizeBytes) || sizeBytes < 0)
    throw new RangeError(`${sizeBytes} is not a size in bytes`);
  let power = ONE;
  let exponent = BigInt(sizeBytes) * 8n;
  for (const square of SQUARES) {
    if (exponent === 0n) break;
    if ((exponent & 1n) === 1n) power = multiply(power, square);
    exponent >>= 1n;
  }
  return power;
}

/** a * b modulo P: adds b * x^k for every x^k in a. */
function multiply(a: bigint, b: bigint): bigint {
  let product = 0n;
  let shifted = b;
  for (let rest = a; rest !== 0n; rest = BigInt.asUintN(64, rest << 1n)) {
    if ((rest & ONE) !== 0n) product ^= shifted;
    shifted = (shifted & 1n) === 1n ? (shifted >> 1n) ^ POLYNOMIAL : shifted >> 1n;
  }
  return product;
}

function makeSquares(): readonly bigint[] {
  const squares = [X];
  for (let last = X; squares.length < MAX_POWER_BITS; squares.push(last)) last = multiply(last, last);
  return squares;
}

function decode(checksum: string): bigint {
  const bytes = Buffer.from(checksum, 'base64');
  if (bytes.length !== CHECKSUM_BYTES) throw new RangeError(`${checksum} is not a CRC64NVME in base64`);
  return bytes.readBigUInt64BE();
}

function encode(register: bigint): string {
  const bytes = Buffer.alloc(CHECKSUM_BYTES);
  bytes.writeBigUInt64BE(register);
  return bytes.toString('base64');
}
