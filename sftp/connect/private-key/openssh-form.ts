import type { KeyObject } from 'node:crypto';
import { sshString } from './ssh-strings.ts';

const ED25519 = 'ssh-ed25519';
const BLOCK_BYTES = 8;

/**
 * Text that ssh2 1.17 parses: it reads PKCS#1, SEC 1 and OpenSSH's form, and no PKCS#8.
 * @returns undefined for a type of key that SSH does not have
 */
export function textForSsh2(key: KeyObject): string | undefined {
  switch (key.asymmetricKeyType) {
    case 'rsa':
      return key.export({ type: 'pkcs1', format: 'pem' }).toString();
    case 'ec':
      return key.export({ type: 'sec1', format: 'pem' }).toString();
    case 'ed25519':
      return openSshForm(key);
    default:
      return undefined;
  }
}

/** An unencrypted ed25519 key in OpenSSH's form: PROTOCOL.key of OpenSSH. */
function openSshForm(key: KeyObject): string {
  const { x = '', d = '' } = key.export({ format: 'jwk' });
  const [publicKey, seed] = [Buffer.from(x, 'base64url'), Buffer.from(d, 'base64url')];
  // The same number twice, by which a decryption is checked; nothing is encrypted here.
  const checks = Buffer.alloc(8);
  const secrets = Buffer.concat([
    checks,
    sshString(ED25519),
    sshString(publicKey),
    sshString(Buffer.concat([seed, publicKey])),
    sshString(''),
  ]);
  const padding = Buffer.from([1, 2, 3, 4, 5, 6, 7]).subarray(
    0,
    (BLOCK_BYTES - (secrets.length % BLOCK_BYTES)) % BLOCK_BYTES,
  );
  const file = Buffer.concat([
    Buffer.from('openssh-key-v1\0'),
    sshString('none'),
    sshString('none'),
    sshString(''),
    Buffer.from([0, 0, 0, 1]),
    sshString(Buffer.concat([sshString(ED25519), sshString(publicKey)])),
    sshString(Buffer.concat([secrets, padding])),
  ]);
  const lines = file.toString('base64').match(/.{1,70}/g) ?? [];
  return ['-----BEGIN OPENSSH PRIVATE KEY-----', ...lines, '-----END OPENSSH PRIVATE KEY-----', ''].join(
    '\n',
  );
}
