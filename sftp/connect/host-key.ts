import { createHash } from 'node:crypto';
import { InvalidTransferRequestError } from '../../transfer/errors.ts';

/** Well-formed, and the fingerprint of no key: to see what a server offers without trusting it. */
export const UNMATCHABLE_PIN = `SHA256:${'A'.repeat(43)}`;

const FINGERPRINT = /^SHA256:[A-Za-z0-9+/]{43}=?$/;

/** `SHA256:<base64 without padding>` of a public key in SSH's wire form, as ssh-keygen prints it. */
export function fingerprintOf(publicKey: Buffer): string {
  return `SHA256:${withoutPadding(createHash('sha256').update(publicKey).digest('base64'))}`;
}

/** Type of a public key in SSH's wire form, such as `ssh-ed25519`: its first string. */
export function keyTypeOf(publicKey: Buffer): string {
  return publicKey.toString('latin1', 4, 4 + publicKey.readUInt32BE(0));
}

/**
 * Checks the configured fingerprints and returns them in one form.
 * @throws InvalidTransferRequestError when there is none, or one is not a SHA-256 fingerprint
 */
export function parsePins(hostKeyFingerprints: readonly string[]): string[] {
  const field = 'hostKeyFingerprints';
  if (hostKeyFingerprints.length === 0) {
    throw new InvalidTransferRequestError(
      field,
      [],
      'at least one host key must be pinned: without it anyone in between could pose as the server',
    );
  }
  return hostKeyFingerprints.map((pin) => {
    if (!FINGERPRINT.test(pin)) {
      throw new InvalidTransferRequestError(
        field,
        pin,
        'it must look like SHA256: and 43 characters of base64',
      );
    }
    return withoutPadding(pin);
  });
}

function withoutPadding(base64: string): string {
  return base64.replace(/=+$/, '');
}
