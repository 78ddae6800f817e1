import { createHash, timingSafeEqual } from 'node:crypto';
import ssh2, { type AuthContext, type ParsedKey } from 'ssh2';

/** Who may log in: this user, with the password or the key. */
export interface LoginPolicy {
  username: string;
  password?: string;
  /** In OpenSSH's one-line form. */
  publicKey?: string;
}

/**
 * Makes the answer to login attempts.
 * @throws TypeError when nobody could log in, or the key cannot be parsed
 */
export function createLoginCheck(policy: LoginPolicy): (attempt: AuthContext) => void {
  const publicKey = policy.publicKey === undefined ? undefined : parsePublicKey(policy.publicKey);
  const methods: AuthContext['method'][] = [];
  if (publicKey !== undefined) methods.push('publickey');
  if (policy.password !== undefined) methods.push('password');
  if (methods.length === 0) throw new TypeError('an SFTP server needs a password or a public key to accept');

  return (attempt) => {
    if (attempt.username === policy.username) {
      if (attempt.method === 'password' && isSameText(attempt.password, policy.password))
        return attempt.accept();
      if (attempt.method === 'publickey' && publicKey !== undefined && provesKey(attempt, publicKey)) {
        return attempt.accept();
      }
    }
    attempt.reject(methods);
  };
}

/** @throws TypeError */
export function parsePublicKey(text: string): ParsedKey {
  const parsed = ssh2.utils.parseKey(text);
  if (parsed instanceof Error) throw new TypeError(`not a public key: ${parsed.message}`, { cause: parsed });
  return parsed;
}

/** True for the right key with a right signature, and for the question whether this key would do. */
export function provesKey(attempt: AuthContext & { method: 'publickey' }, publicKey: ParsedKey): boolean {
  if (!attempt.key.data.equals(publicKey.getPublicSSH())) return false;
  if (attempt.signature === undefined || attempt.blob === undefined) return true;
  return publicKey.verify(attempt.blob, attempt.signature, attempt.hashAlgo) === true;
}

function isSameText(given: string, expected: string | undefined): boolean {
  if (expected === undefined) return false;
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(expected));
}
