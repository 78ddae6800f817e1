import ssh2, { type ParsedKey } from 'ssh2';
import { SftpAuthenticationError } from '../../transfer/errors.ts';
import type { SftpCredentials } from '../settings.ts';

/** Credentials that could be used: the key is parsed and decrypted. */
export interface UsableCredentials {
  username: string;
  password: string | undefined;
  privateKey: ParsedKey | undefined;
}

const prepared = new WeakMap<SftpCredentials, UsableCredentials>();

/**
 * Checks the credentials before anything is sent, since a failed login may get our address banned. The same object
 * is prepared once: to decrypt a key takes a good part of a second, on purpose.
 * @throws SftpAuthenticationError which says what is wrong, and shows no secret
 */
export function prepareCredentials(credentials: SftpCredentials): UsableCredentials {
  const known = prepared.get(credentials);
  if (known !== undefined) return known;
  const { username, password, privateKey, privateKeyPassphrase } = credentials;
  if (username === '') throw new SftpAuthenticationError('the credentials have no user name');
  if (password === undefined && privateKey === undefined) {
    throw new SftpAuthenticationError('the credentials have neither a password nor a private key');
  }
  const usable = {
    username,
    password,
    privateKey: privateKey === undefined ? undefined : parsePrivateKey(privateKey, privateKeyPassphrase),
  };
  prepared.set(credentials, usable);
  return usable;
}

function parsePrivateKey(privateKey: string, passphrase: string | undefined): ParsedKey {
  // The OpenSSH form gives a list of one key.
  const parsed = [ssh2.utils.parseKey(privateKey, passphrase)].flat()[0];
  if (parsed instanceof Error) {
    throw new SftpAuthenticationError(`the private key cannot be used: ${parsed.message}`);
  }
  if (parsed === undefined || !parsed.isPrivateKey()) {
    throw new SftpAuthenticationError('the private key cannot be used: it is a public key');
  }
  return parsed;
}
