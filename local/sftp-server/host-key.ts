import { createHash } from 'node:crypto';
import ssh2 from 'ssh2';

/** `SHA256:<base64>` of the public half of a private or public key. @throws TypeError */
export function fingerprintOf(key: string): string {
  const parsed = ssh2.utils.parseKey(key);
  if (parsed instanceof Error) throw new TypeError(`not a key: ${parsed.message}`, { cause: parsed });
  const [first] = [parsed].flat();
  if (first === undefined) throw new TypeError('not a key');
  const digest = createHash('sha256').update(first.getPublicSSH()).digest('base64');
  return `SHA256:${digest.replace(/=+$/, '')}`;
}
