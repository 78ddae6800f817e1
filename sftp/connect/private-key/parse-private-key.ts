import { createPrivateKey, type KeyObject } from 'node:crypto';
import { isNativeError } from 'node:util/types';
import ssh2, { type ParsedKey } from 'ssh2';
import { findPemKey, type PemKey, tidyKeyText } from './key-text.ts';
import { textForSsh2 } from './openssh-form.ts';
import { readPuttyKey } from './putty-key.ts';
import { findPuttyKey, type PuttyFields } from './putty-text.ts';
import {
  CONVERT_WITH_SSH_KEYGEN,
  decryptedToNoKey,
  describeOtherForm,
  MAKE_ANOTHER,
  passphraseMissing,
  passphraseWrong,
  unusableKey,
} from './unusable-key.ts';

/** PKCS#8 says it in its first line, the older forms in a header (RFC 1421, section 4.6.1.1). */
const ENCRYPTED_PEM = /ENCRYPTED/;

/** Curves that SSH has for ECDSA (RFC 5656, section 10.1), by OpenSSL's names. */
const SSH_CURVES = ['prime256v1', 'secp384r1', 'secp521r1'];

/**
 * Reads a private key in any everyday form: OpenSSH's, PKCS#1, SEC 1, PKCS#8, PuTTY's versions 2 and 3, encrypted or
 * not, and as it looks after a form, an editor or a secret store had it (key-text.ts).
 * @throws InvalidTransferRequestError which says in one sentence what it is, and with which command it is converted;
 *   nothing of the key is in it
 */
export function parsePrivateKey(text: string, passphrase: string | undefined): ParsedKey {
  const tidied = tidyKeyText(text);
  const pem = findPemKey(tidied);
  if (pem !== undefined) return parsePem(pem, passphrase);
  const putty = findPuttyKey(tidied);
  if (putty !== undefined) return parsePutty(putty, tidied, passphrase);
  throw describeOtherForm(text);
}

function parsePem({ kind, pem }: PemKey, passphrase: string | undefined): ParsedKey {
  // Node has OpenSSH's form not at all, and of DSA no form that ssh2 reads.
  if (kind === 'OPENSSH' || kind === 'DSA') return parseBySsh2(pem, passphrase);
  return toSsh2(readByNode(pem, passphrase));
}

function parsePutty(fields: PuttyFields, text: string, passphrase: string | undefined): ParsedKey {
  if (fields.version === 2 && fields.algorithm === 'ssh-dss') return parseBySsh2(text, passphrase);
  return toSsh2(readPuttyKey(fields, passphrase));
}

function readByNode(pem: string, passphrase: string | undefined): KeyObject {
  const isEncrypted = ENCRYPTED_PEM.test(pem);
  if (isEncrypted && passphrase === undefined) throw passphraseMissing();
  try {
    return createPrivateKey({ key: pem, format: 'pem', ...(isEncrypted && { passphrase }) });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // OpenSSL says the same of a way of encryption, a type and a structure that it does not know.
    if (code === 'ERR_OSSL_EVP_UNSUPPORTED' || code === 'ERR_OSSL_UNSUPPORTED') {
      if (isEncrypted) throw decryptedToNoKey();
      throw unusableKey(
        `it is damaged, or of a type or an encryption that this product does not know: copy the whole file again, or ${CONVERT_WITH_SSH_KEYGEN}`,
      );
    }
    if (isEncrypted) throw passphraseWrong();
    throw describeOtherForm(pem);
  }
}

function toSsh2(key: KeyObject): ParsedKey {
  const { asymmetricKeyType: type, asymmetricKeyDetails: details } = key;
  const curve = details?.namedCurve;
  const text = curve !== undefined && !SSH_CURVES.includes(curve) ? undefined : textForSsh2(key);
  if (text === undefined) {
    throw unusableKey(
      `it is a key of the type ${curve ?? type}, which SSH servers do not take: ${MAKE_ANOTHER}`,
    );
  }
  return parseBySsh2(text, undefined);
}

/** What ssh2 says only in words, and what it means here. */
const SSH2_WORDS: readonly (readonly [RegExp, () => Error])[] = [
  [/no passphrase given/, passphraseMissing],
  [/passphrase\?/i, passphraseWrong],
  [
    // The second is what Node says to ssh2's way of decrypting ChaCha20.
    /Unsupported cipher|Invalid initialization vector/,
    () =>
      unusableKey(
        'it is encrypted in a way that this product does not know: convert it with: ssh-keygen -p -Z aes256-ctr -f KEY',
      ),
  ],
  [
    /Unsupported OpenSSH private key type: sk-/,
    () => unusableKey(`it needs the hardware token that it was made with: ${MAKE_ANOTHER}`),
  ],
  [
    /Unsupported OpenSSH private key type/,
    () => unusableKey(`it is a key of a type that this product does not know: ${MAKE_ANOTHER}`),
  ],
];

function parseBySsh2(text: string, passphrase: string | undefined): ParsedKey {
  // OpenSSH's form gives a list of one key.
  const parsed = [ssh2.utils.parseKey(text, passphrase)].flat()[0];
  if (parsed === undefined) throw describeOtherForm(text);
  if (!isNativeError(parsed)) return parsed;
  const known = SSH2_WORDS.find(([words]) => words.test(parsed.message));
  if (known !== undefined) throw known[1]();
  throw ENCRYPTED_PEM.test(text) ? decryptedToNoKey() : describeOtherForm(text);
}
