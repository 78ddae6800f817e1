import { InvalidTransferRequestError } from '../../../transfer/errors.ts';

/** What a converter prints in the place of the file's name. */
const NEW_FORM = 'KEY (which rewrites the file in OpenSSH form)';
export const CONVERT_WITH_SSH_KEYGEN = `convert it with: ssh-keygen -p -f ${NEW_FORM}`;
export const CONVERT_WITH_PUTTYGEN = 'convert it with: puttygen KEY -O private-openssh -o NEW-KEY';
export const MAKE_ANOTHER =
  'make another one with: ssh-keygen -t ed25519, and give the partner its public half';

/**
 * A private key that cannot be used. It never contains the key: neither its text nor a parser's message, which may quote
 * it.
 * @param bound what would be right, as a clause after "but"
 */
export function unusableKey(bound: string): InvalidTransferRequestError {
  return new InvalidTransferRequestError('the private key', '(hidden)', bound);
}

/** The key is encrypted, and nothing was given to decrypt it with. */
export function passphraseMissing(): InvalidTransferRequestError {
  return unusableKey(
    'it is encrypted, so that its passphrase must be given too: PrivateKeyPassphrase in the secret, --identity-passphrase-env on the command line',
  );
}

export function passphraseWrong(): InvalidTransferRequestError {
  return unusableKey('its passphrase does not fit, or the key is damaged: compare both with the original');
}

/** Decrypting gave something that does not parse: with another passphrase the padding looks right once in 256 times (PKCS#7). */
export function decryptedToNoKey(): InvalidTransferRequestError {
  return unusableKey(
    `its passphrase does not fit, or the key is damaged, or of a type or an encryption that this product does not know: compare both with the original, or ${CONVERT_WITH_SSH_KEYGEN}`,
  );
}

/** Texts that do not hold a private key we can read, each recognised by a mark. The error names the first that fits. */
const OTHER_FORMS: readonly (readonly [RegExp, string])[] = [
  [/^\s*$/, 'it is empty'],
  [
    /-cert-v0\d@openssh\.com\s+AAAA/,
    'it is a user certificate, which this product does not support yet: the private key that it belongs to is needed, and a server that accepts the key itself',
  ],
  [
    /(^|\n)\s*(ssh-|ecdsa-|sk-)\S+\s+AAAA|BEGIN SSH2 PUBLIC KEY|BEGIN (RSA )?PUBLIC KEY/,
    'it is a public key: the private half is needed, which is in the file of the same name without .pub',
  ],
  [
    /BEGIN SSH2 ENCRYPTED PRIVATE KEY/,
    "it is in the form of SSH.com's programs: convert it with: ssh-keygen -i -f KEY > NEW-KEY",
  ],
  [
    /SSH PRIVATE KEY FILE FORMAT 1\.1/,
    `it is a key for version 1 of SSH, which no server takes any more: ${MAKE_ANOTHER}`,
  ],
  [
    /PuTTY-User-Key-File-/,
    `it is a PuTTY key that is cut off, damaged, or of a version that this product does not read: ${CONVERT_WITH_PUTTYGEN}`,
  ],
  [
    /BEGIN [A-Z0-9 ]*PRIVATE KEY/,
    'it is cut off or damaged: copy the whole file, from its BEGIN line to its END line',
  ],
  [/BEGIN CERTIFICATE/, 'it is an X.509 certificate: the private key that it belongs to is needed'],
  [
    /[\uFFFD\0]/,
    'it is not text, such as PKCS#12 or DER: convert it with: openssl pkcs12 -in KEY -nocerts -nodes -out NEW-KEY, or openssl pkey -inform DER -in KEY -out NEW-KEY',
  ],
  [
    /^\s*(b3BlbnNzaC1rZXktdjE|MI[A-Za-z0-9+/]{20})/,
    'it lacks its first and last line: copy the whole file, from its BEGIN line to its END line',
  ],
];

/** Says of a text in which no private key was found what it is instead. */
export function describeOtherForm(text: string): InvalidTransferRequestError {
  const known = OTHER_FORMS.find(([mark]) => mark.test(text));
  return unusableKey(
    known?.[1] ?? `it is in no form of a private key that this product knows: ${CONVERT_WITH_SSH_KEYGEN}`,
  );
}
