import type { Algorithms, CipherAlgorithm, KexAlgorithm, MacAlgorithm, ServerHostKeyAlgorithm } from 'ssh2';
import { InvalidTransferRequestError } from '../../transfer/errors.ts';

/** Names of algorithms by their use, as SSH_MSG_KEXINIT (RFC 4253, section 7.1) lists them, most wanted first. */
export interface AlgorithmOffer {
  kex: readonly string[];
  serverHostKey: readonly string[];
  /** From server to client; servers offer the same both ways. */
  cipher: readonly string[];
  hmac: readonly string[];
}

/** Those of an offer that ssh2 knows. */
interface AlgorithmLists {
  kex: KexAlgorithm[];
  serverHostKey: ServerHostKeyAlgorithm[];
  cipher: CipherAlgorithm[];
  hmac: MacAlgorithm[];
}

/**
 * Offered to every server, most wanted first. AES-GCM leads because it is the fastest here (208..261 MiB/s on one
 * connection against 111..127 of ChaCha20). Compression stays off: transfers are mostly of compressed files.
 */
const MODERN: AlgorithmLists = {
  kex: [
    'curve25519-sha256',
    'curve25519-sha256@libssh.org',
    'ecdh-sha2-nistp256',
    'ecdh-sha2-nistp384',
    'ecdh-sha2-nistp521',
    'diffie-hellman-group-exchange-sha256',
    'diffie-hellman-group14-sha256',
    'diffie-hellman-group15-sha512',
    'diffie-hellman-group16-sha512',
    'diffie-hellman-group17-sha512',
    'diffie-hellman-group18-sha512',
  ],
  serverHostKey: [
    'ssh-ed25519',
    'ecdsa-sha2-nistp256',
    'ecdsa-sha2-nistp384',
    'ecdsa-sha2-nistp521',
    'rsa-sha2-512',
    'rsa-sha2-256',
  ],
  cipher: [
    'aes128-gcm@openssh.com',
    'aes256-gcm@openssh.com',
    'aes128-ctr',
    'aes192-ctr',
    'aes256-ctr',
    'chacha20-poly1305@openssh.com',
  ],
  hmac: [
    'hmac-sha2-256-etm@openssh.com',
    'hmac-sha2-512-etm@openssh.com',
    'hmac-sha1-etm@openssh.com',
    'hmac-sha2-256',
    'hmac-sha2-512',
    'hmac-sha1',
  ],
};

const LEGACY: AlgorithmLists = {
  kex: ['diffie-hellman-group-exchange-sha1', 'diffie-hellman-group14-sha1', 'diffie-hellman-group1-sha1'],
  serverHostKey: ['ssh-rsa', 'ssh-dss'],
  cipher: ['aes256-cbc', 'aes192-cbc', 'aes128-cbc', '3des-cbc'],
  hmac: ['hmac-sha1-96', 'hmac-md5', 'hmac-md5-96'],
};

/**
 * What a partner's configuration may add for a server that knows nothing better: the closed set of the setting
 * `legacyAlgorithms`. Each is broken or deprecated (SHA-1 signatures and exchanges, CBC, MD5): add only what the
 * error message of a failed negotiation names, and ask the partner to upgrade.
 */
export const LEGACY_ALGORITHMS: readonly string[] = Object.values(LEGACY).flat();

/**
 * The algorithms to offer, most wanted first; the legacy ones come last, so that they are used only when the server
 * has no other.
 * @throws InvalidTransferRequestError for a name outside LEGACY_ALGORITHMS
 */
export function offeredAlgorithms(legacyAlgorithms: readonly string[]): Algorithms & AlgorithmLists {
  for (const name of legacyAlgorithms) {
    if (!LEGACY_ALGORITHMS.includes(name)) {
      throw new InvalidTransferRequestError(
        'legacyAlgorithms',
        name,
        `it must be one of ${LEGACY_ALGORITHMS.join(', ')}`,
      );
    }
  }
  const withLegacy = <T extends string>(modern: T[], legacy: T[]): T[] => [
    ...modern,
    ...legacy.filter((name) => legacyAlgorithms.includes(name)),
  ];
  return {
    kex: withLegacy(MODERN.kex, LEGACY.kex),
    serverHostKey: withLegacy(MODERN.serverHostKey, LEGACY.serverHostKey),
    cipher: withLegacy(MODERN.cipher, LEGACY.cipher),
    hmac: withLegacy(MODERN.hmac, LEGACY.hmac),
    compress: ['none'],
  };
}
