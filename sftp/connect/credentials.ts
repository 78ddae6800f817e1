import type { ParsedKey } from 'ssh2';
import { InvalidTransferRequestError } from '../../transfer/errors.ts';
import type { SftpCredentials } from '../settings.ts';
import { parsePrivateKey } from './private-key/parse-private-key.ts';

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
 * @throws InvalidTransferRequestError which says what is wrong, and shows no secret
 */
export function prepareCredentials(credentials: SftpCredentials): UsableCredentials {
  const known = prepared.get(credentials);
  if (known !== undefined) return known;
  const { username, password, privateKey, privateKeyPassphrase } = credentials;
  if (username === '') throw new InvalidTransferRequestError('the user name', '', 'it must not be empty');
  if (password === undefined && privateKey === undefined) {
    throw new InvalidTransferRequestError(
      'the login',
      '(nothing)',
      'it needs a password, a private key, or both',
    );
  }
  const usable = {
    username,
    password,
    privateKey: privateKey === undefined ? undefined : parsePrivateKey(privateKey, privateKeyPassphrase),
  };
  prepared.set(credentials, usable);
  return usable;
}
