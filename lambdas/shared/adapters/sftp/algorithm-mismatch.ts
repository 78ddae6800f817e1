import { InvalidTransferRequestError } from '../../errors.ts';
import { LEGACY_ALGORITHMS, offeredAlgorithms } from './algorithms.ts';
import type { ServerOffer } from './server-hello.ts';

const KIND_NAMES = {
  kex: 'key exchange',
  serverHostKey: 'host key',
  cipher: 'cipher',
  hmac: 'MAC',
} as const;
type Kind = keyof typeof KIND_NAMES;
const KINDS = Object.keys(KIND_NAMES) as Kind[];

/**
 * Explains a negotiation that failed because client and server share no algorithm of some kind. It is a matter of
 * configuration, and so an InvalidTransferRequestError: trying again cannot help, `legacyAlgorithms` may.
 */
export function explainMismatch(
  server: string,
  offer: ServerOffer,
  legacyAlgorithms: readonly string[],
  cause: Error | undefined,
): InvalidTransferRequestError {
  const missing = missingKinds(offer, legacyAlgorithms);
  const wouldHelp = missing.map((kind) => offer[kind].filter((name) => LEGACY_ALGORITHMS.includes(name)));
  const advice = wouldHelp.every((names) => names.length > 0)
    ? `This setting could enable: ${wouldHelp.flat().join(', ')}`
    : 'No setting can help: the partner must upgrade';
  return new InvalidTransferRequestError(
    'legacyAlgorithms',
    legacyAlgorithms,
    `${server} shares no ${missing.map((kind) => KIND_NAMES[kind]).join(' and no ')} with us. ` +
      `It offers ${formatOffer(offer)}. ${advice}`,
    cause && { cause },
  );
}

function missingKinds(offer: ServerOffer, legacyAlgorithms: readonly string[]): Kind[] {
  const ours: Record<Kind, readonly string[]> = offeredAlgorithms(legacyAlgorithms);
  const cipher = ours.cipher.find((name) => offer.cipher.includes(name));
  return KINDS.filter((kind) => {
    if (kind === 'hmac' && cipher !== undefined && isAuthenticated(cipher)) return false;
    return !ours[kind].some((name) => offer[kind].includes(name));
  });
}

/** Such a cipher needs no MAC beside it. */
function isAuthenticated(cipher: string): boolean {
  return cipher.includes('gcm') || cipher.includes('poly1305');
}

function formatOffer(offer: ServerOffer): string {
  return KINDS.map((kind) => `${KIND_NAMES[kind]} ${offer[kind].join(', ')}`).join('; ');
}
