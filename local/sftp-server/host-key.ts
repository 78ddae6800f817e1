import { createHash } from 'node:crypto';
import ssh2 from 'ssh2';

/**
 * A new ed25519 key pair in OpenSSH's form.
 * ssh2 1.17 drops leading zero bytes of the public key (lib/keygen.js), so that one pair in 256 cannot be used.
 */
export function generateKeyPair(encryption?: { passphrase: string; cipher: string; rounds: number }): {
  private: string;
  public: string;
} {
  for (;;) {
    const pair = ssh2.utils.generateKeyPairSync('ed25519', encryption);
    if (!(ssh2.utils.parseKey(pair.public) instanceof Error)) return pair;
  }
}

/** `SHA256:<base64>` of the public half of a private or public key. @throws TypeError */
export function fingerprintOf(key: string): string {
  const parsed = ssh2.utils.parseKey(key);
  if (parsed instanceof Error) throw new TypeError(`not a key: ${parsed.message}`, { cause: parsed });
  const [first] = [parsed].flat();
  if (first === undefined) throw new TypeError('not a key');
  const digest = createHash('sha256').update(first.getPublicSSH()).digest('base64');
  return `SHA256:${digest.replace(/=+$/, '')}`;
}
