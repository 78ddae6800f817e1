import type { ParsedKey } from 'ssh2';

/** The hash of each signature algorithm of an RSA key (RFC 8332), most wanted first. Other keys have one of their own. */
const RSA_HASHES = { 'rsa-sha2-512': 'sha512', 'rsa-sha2-256': 'sha256', 'ssh-rsa': 'sha1' } as const;
export type RsaSignature = keyof typeof RSA_HASHES;

/** What is known about the signatures that a server takes from keys. */
export interface SignatureFacts {
  /** Its `server-sig-algs`; undefined when it sent none. */
  serverSignatures: readonly string[] | undefined;
  /** Host key algorithms that it offers. */
  hostKeyAlgorithms: readonly string[];
  /** Names out of LEGACY_ALGORITHMS that the partner's configuration allows. */
  legacyAlgorithms: readonly string[];
}

/**
 * The signature algorithm for an RSA key: 512 before 256, and SHA-1 only where `legacyAlgorithms` allows ssh-rsa. A
 * server that does not name what it takes (RFC 8308 is from 2018) is taken to verify what it signs with itself; one
 * without an RSA host key, to be as old as the configuration says.
 * @returns undefined when the server takes none that we may use
 */
export function chooseRsaSignature(facts: SignatureFacts): RsaSignature | undefined {
  const isAllowed = facts.legacyAlgorithms.includes('ssh-rsa');
  const ours = (Object.keys(RSA_HASHES) as RsaSignature[]).filter((name) => name !== 'ssh-rsa' || isAllowed);
  const isRsa = (name: string) => name in RSA_HASHES;
  const taken = facts.serverSignatures ?? facts.hostKeyAlgorithms.filter(isRsa);
  if (facts.serverSignatures === undefined && taken.length === 0)
    return isAllowed ? 'ssh-rsa' : 'rsa-sha2-512';
  return ours.find((name) => taken.includes(name));
}

/**
 * The key as ssh2 shall use it. ssh2 1.17 chooses 256 before 512, and SHA-1 without asking (getKeyAlgos in
 * lib/client.js), but only for a key whose type is "ssh-rsa": this one's type is the signature algorithm, which it
 * writes into the login request, and its signatures have the hash that belongs to it.
 */
export function signedBy(key: ParsedKey, algorithm: RsaSignature): ParsedKey {
  const sign = (data: Buffer | string) => key.sign(data, RSA_HASHES[algorithm]);
  return Object.create(key, { type: { value: algorithm }, sign: { value: sign } });
}
