import { createSecretKey, type KeyObject } from 'node:crypto';

/** Where ssh2 1.17 (lib/protocol/crypto.js) keeps the keys of AES-GCM and ChaCha20 in its pure JavaScript. */
const KEY_FIELDS = {
  _cipher: ['_encKey', '_encKeyMain', '_encKeyPktLen'],
  _decipher: ['_decipherKey', '_decKeyMain', '_decKeyPktLen'],
} as const;

type Ssh2Cipher = Record<string, KeyObject | Buffer | undefined>;
interface Ssh2Connection {
  _protocol?: Partial<Record<keyof typeof KEY_FIELDS, Ssh2Cipher>>;
}

/**
 * Turns the session keys of an ssh2 connection into key objects; to be called after every handshake, as each brings
 * new keys.
 *
 * ssh2 makes a cipher for each packet. Given the key as bytes, Node 24 finds out by throwing and catching two errors
 * that it is not a key object, which takes longer than decrypting the packet. Other versions of ssh2 are left as they are.
 */
export function useKeyObjects(connection: object): void {
  const { _protocol: protocol } = connection as Ssh2Connection;
  for (const [side, fields] of Object.entries(KEY_FIELDS)) {
    const cipher = protocol?.[side as keyof typeof KEY_FIELDS];
    for (const field of fields) {
      const key = cipher?.[field];
      if (cipher !== undefined && Buffer.isBuffer(key)) cipher[field] = createSecretKey(key);
    }
  }
}
