import { type AlgorithmOffer, LEGACY_ALGORITHMS, offeredAlgorithms } from './algorithms.ts';

/** What comes of a server's offer and ours. */
export interface Negotiation {
  offered: AlgorithmOffer;
  /** A use that has no common algorithm, or needs none beside the cipher, is undefined. */
  chosen: Readonly<Record<keyof AlgorithmOffer, string | undefined>>;
  /** Uses without a common algorithm; empty when a connection is possible. */
  missing: readonly (keyof AlgorithmOffer)[];
  /** Chosen ones that are old and weak. */
  legacy: readonly string[];
  /** Old ones that the configuration could add to make a connection possible; empty when nothing is missing or helps. */
  wouldHelp: readonly string[];
  /** Current algorithms of the server, of the uses that are missing, which this product does not support. */
  unsupported: readonly string[];
}

const USES = ['kex', 'serverHostKey', 'cipher', 'hmac'] as const;

/**
 * What an offer of the server and ours come to, as RFC 4253 (7.1) has it: of each list, the first of the client's
 * that the server has.
 * @throws InvalidTransferRequestError for a name outside LEGACY_ALGORITHMS
 */
export function negotiate(offered: AlgorithmOffer, legacyAlgorithms: readonly string[]): Negotiation {
  const ours: AlgorithmOffer = offeredAlgorithms(legacyAlgorithms);
  const common = (use: keyof AlgorithmOffer) => ours[use].find((name) => offered[use].includes(name));
  const cipher = common('cipher');
  const needsMac = cipher === undefined || !isAuthenticated(cipher);
  const chosen = {
    kex: common('kex'),
    serverHostKey: common('serverHostKey'),
    cipher,
    hmac: needsMac ? common('hmac') : undefined,
  };
  const missing = USES.filter((use) => chosen[use] === undefined && (use !== 'hmac' || needsMac));
  const helpful = missing.map((use) => offered[use].filter(isLegacy));
  const ahead = missing.map((use) => offered[use].filter(isAheadOfUs));
  return {
    offered,
    chosen,
    missing,
    legacy: Object.values(chosen).filter((name) => name !== undefined && isLegacy(name)) as string[],
    wouldHelp: helpful.every((names) => names.length > 0) ? helpful.flat() : [],
    unsupported: ahead.flat(),
  };
}

function isLegacy(name: string): boolean {
  return LEGACY_ALGORITHMS.includes(name);
}

/** SHA-1, MD5, CBC and the ciphers before AES: what no server should still need. */
const OBSOLETE = /sha1|md5|ripemd|arcfour|blowfish|cast128|rijndael|des-|-cbc|umac-64|^ssh-(rsa|dss)|^none$/;
/** Names in the list of key exchanges that are signs and no algorithms: RFC 8308, and OpenSSH's strict exchange. */
const SIGNS = /^(ext-info-|kex-strict-)/;

/** Neither old nor ours: a server that offers nothing else is ahead of us, and it is we who must follow. */
function isAheadOfUs(name: string): boolean {
  return !OBSOLETE.test(name) && !SIGNS.test(name);
}

/** Such a cipher needs no MAC beside it. */
function isAuthenticated(cipher: string): boolean {
  return cipher.includes('gcm') || cipher.includes('poly1305');
}
