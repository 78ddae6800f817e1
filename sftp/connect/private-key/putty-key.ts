import * as crypto from 'node:crypto';
import { createDecipheriv, createHash, createHmac, type KeyObject, timingSafeEqual } from 'node:crypto';
import { keyFromPuttyBlobs } from './putty-blobs.ts';
import type { PuttyArgon2, PuttyFields } from './putty-text.ts';
import { sshString } from './ssh-strings.ts';
import { CONVERT_WITH_PUTTYGEN, passphraseMissing, passphraseWrong, unusableKey } from './unusable-key.ts';

/** What decrypts and proves a key file. */
interface Secrets {
  cipherKey: Buffer;
  iv: Buffer;
  macKey: Buffer | string;
}

const CIPHER_KEY_BYTES = 32;
const IV_BYTES = 16;
const MAC_KEY_BYTES = 32;

/**
 * A PuTTY key of version 2 or 3 (PuTTY's manual, appendix C), decrypted and compared with its MAC.
 * @throws InvalidTransferRequestError without anything of the key
 */
export function readPuttyKey(fields: PuttyFields, passphrase: string | undefined): KeyObject {
  const { version, encryption } = fields;
  if ((version !== 2 && version !== 3) || !['none', 'aes256-cbc'].includes(encryption)) {
    throw unusableKey(
      `it is a PuTTY key of version ${version}, encrypted by ${encryption}: ${CONVERT_WITH_PUTTYGEN}`,
    );
  }
  const isEncrypted = encryption !== 'none';
  if (isEncrypted && passphrase === undefined) throw passphraseMissing();
  const secrets = secretsOf(fields, isEncrypted ? passphrase : undefined);
  const privateBlob = isEncrypted ? decrypt(fields.privateBlob, secrets) : fields.privateBlob;
  if (!isProved(fields, privateBlob, secrets)) {
    if (isEncrypted) throw passphraseWrong();
    throw unusableKey('it is damaged, as its checksum shows: copy the whole file again');
  }
  const key = keyFromPuttyBlobs(fields.algorithm, fields.publicBlob, privateBlob);
  if (key === undefined) {
    throw unusableKey(`it is a PuTTY key of the type ${fields.algorithm}: ${CONVERT_WITH_PUTTYGEN}`);
  }
  return key;
}

function secretsOf({ version, argon2 }: PuttyFields, passphrase: string | undefined): Secrets {
  if (version === 2) {
    const sha1 = (...parts: (string | Buffer)[]) =>
      createHash('sha1')
        .update(Buffer.concat(parts.map((part) => Buffer.from(part))))
        .digest();
    const half = (counter: number) => sha1(Buffer.from([0, 0, 0, counter]), passphrase ?? '');
    return {
      cipherKey: Buffer.concat([half(0), half(1)]).subarray(0, CIPHER_KEY_BYTES),
      iv: Buffer.alloc(IV_BYTES),
      macKey: sha1('putty-private-key-file-mac-key', passphrase ?? ''),
    };
  }
  if (passphrase === undefined) return { cipherKey: Buffer.alloc(0), iv: Buffer.alloc(0), macKey: '' };
  const derived = deriveByArgon2(argon2, passphrase);
  return {
    cipherKey: derived.subarray(0, CIPHER_KEY_BYTES),
    iv: derived.subarray(CIPHER_KEY_BYTES, CIPHER_KEY_BYTES + IV_BYTES),
    macKey: derived.subarray(CIPHER_KEY_BYTES + IV_BYTES),
  };
}

function deriveByArgon2(argon2: PuttyArgon2 | undefined, passphrase: string): Buffer {
  // Node has it since 24.7; the namespace is asked because a named import of what is not there does not even load.
  if (typeof crypto.argon2Sync !== 'function') {
    throw unusableKey(
      `it is an encrypted PuTTY key of version 3, which this version of Node cannot read: ${CONVERT_WITH_PUTTYGEN}`,
    );
  }
  if (argon2 === undefined) throw unusableKey(`it is a damaged PuTTY key: ${CONVERT_WITH_PUTTYGEN}`);
  const { variant, memoryKib, passes, parallelism, salt } = argon2;
  try {
    return crypto.argon2Sync(variant as 'argon2id', {
      message: Buffer.from(passphrase),
      nonce: salt,
      memory: memoryKib,
      passes,
      parallelism,
      tagLength: CIPHER_KEY_BYTES + IV_BYTES + MAC_KEY_BYTES,
    });
  } catch {
    throw unusableKey(
      `it is a PuTTY key whose way of encryption cannot be used here (${variant}): ${CONVERT_WITH_PUTTYGEN}`,
    );
  }
}

function decrypt(privateBlob: Buffer, { cipherKey, iv }: Secrets): Buffer {
  try {
    const decipher = createDecipheriv('aes-256-cbc', cipherKey, iv).setAutoPadding(false);
    return Buffer.concat([decipher.update(privateBlob), decipher.final()]);
  } catch {
    throw passphraseWrong();
  }
}

function isProved(fields: PuttyFields, privateBlob: Buffer, { macKey }: Secrets): boolean {
  const { version, algorithm, encryption, comment, publicBlob, mac } = fields;
  const proved = [algorithm, encryption, comment, publicBlob, privateBlob].map((part) => sshString(part));
  const expected = createHmac(version === 2 ? 'sha1' : 'sha256', macKey)
    .update(Buffer.concat(proved))
    .digest();
  return expected.length === mac.length && timingSafeEqual(expected, mac);
}
