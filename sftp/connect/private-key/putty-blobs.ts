import { createPrivateKey, type JsonWebKey, type KeyObject } from 'node:crypto';
import { readSshStrings } from './ssh-strings.ts';

const CURVES: Readonly<Record<string, { crv: string; coordinateBytes: number }>> = {
  'ecdsa-sha2-nistp256': { crv: 'P-256', coordinateBytes: 32 },
  'ecdsa-sha2-nistp384': { crv: 'P-384', coordinateBytes: 48 },
  'ecdsa-sha2-nistp521': { crv: 'P-521', coordinateBytes: 66 },
};
const ED25519_KEY_BYTES = 32;

/**
 * A key from its public half in SSH's wire form and its private half in PuTTY's (manual, section C.3).
 * @returns undefined for a type that is not known here
 */
export function keyFromPuttyBlobs(
  type: string,
  publicBlob: Buffer,
  privateBlob: Buffer,
): KeyObject | undefined {
  const jwk = toJwk(type, publicBlob, privateBlob);
  return jwk && createPrivateKey({ key: jwk, format: 'jwk' });
}

function toJwk(type: string, publicBlob: Buffer, privateBlob: Buffer): JsonWebKey | undefined {
  if (type === 'ssh-rsa') return rsaJwk(publicBlob, privateBlob);
  if (type === 'ssh-ed25519') {
    const [, x = Buffer.alloc(0)] = readSshStrings(publicBlob, 2);
    const [d = Buffer.alloc(0)] = readSshStrings(privateBlob, 1);
    // Little-endian: zeros at its end may have been left out.
    const seed = Buffer.concat([d, Buffer.alloc(ED25519_KEY_BYTES)]).subarray(0, ED25519_KEY_BYTES);
    return { kty: 'OKP', crv: 'Ed25519', x: x.toString('base64url'), d: seed.toString('base64url') };
  }
  const curve = CURVES[type];
  if (curve === undefined) return undefined;
  const { crv, coordinateBytes } = curve;
  const [, , point = Buffer.alloc(0)] = readSshStrings(publicBlob, 3);
  const [d = Buffer.alloc(0)] = readSshStrings(privateBlob, 1);
  return {
    kty: 'EC',
    crv,
    // The first byte, 4, says that both coordinates follow.
    x: point.subarray(1, 1 + coordinateBytes).toString('base64url'),
    y: point.subarray(1 + coordinateBytes).toString('base64url'),
    d: base64Url(toInteger(d), coordinateBytes),
  };
}

function rsaJwk(publicBlob: Buffer, privateBlob: Buffer): JsonWebKey {
  const [, e = 0n, n = 0n] = readSshStrings(publicBlob, 3).map(toInteger);
  const [d = 0n, p = 0n, q = 0n, qi = 0n] = readSshStrings(privateBlob, 4).map(toInteger);
  const numbers = { n, e, d, p, q, dp: d % (p - 1n), dq: d % (q - 1n), qi };
  const encoded = Object.entries(numbers).map(([name, number]) => [name, base64Url(number)]);
  return { kty: 'RSA', ...Object.fromEntries(encoded) };
}

function toInteger(mpint: Buffer): bigint {
  return BigInt(`0x0${mpint.toString('hex')}`);
}

function base64Url(number: bigint, lengthBytes = 0): string {
  const hex = number.toString(16);
  const digits = Math.max(hex.length + (hex.length % 2), 2 * lengthBytes);
  return Buffer.from(hex.padStart(digits, '0'), 'hex').toString('base64url');
}
