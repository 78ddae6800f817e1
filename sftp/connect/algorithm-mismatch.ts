import { InvalidTransferRequestError } from '../../transfer/errors.ts';
import { type AlgorithmOffer, offeredAlgorithms } from './algorithms.ts';
import { negotiate } from './negotiation.ts';

const USE_NAMES: Readonly<Record<keyof AlgorithmOffer, string>> = {
  kex: 'key exchange',
  serverHostKey: 'host key',
  cipher: 'cipher',
  hmac: 'MAC',
};
const USES = Object.keys(USE_NAMES) as (keyof AlgorithmOffer)[];

/**
 * Explains a negotiation that failed because client and server share no algorithm of some kind. It is a matter of
 * configuration, and so an InvalidTransferRequestError: trying again cannot help, `legacyAlgorithms` may.
 */
export function explainMismatch(
  server: string,
  offer: AlgorithmOffer,
  legacyAlgorithms: readonly string[],
  cause: Error | undefined,
): InvalidTransferRequestError {
  const { missing, wouldHelp, unsupported } = negotiate(offer, legacyAlgorithms);
  return new InvalidTransferRequestError(
    'legacyAlgorithms',
    legacyAlgorithms,
    `${server} shares no ${missing.map((use) => USE_NAMES[use]).join(' and no ')} with us. ` +
      `It offers ${formatOffer(offer)}. ${adviceOf(missing, wouldHelp, unsupported)}`,
    cause && { cause },
  );
}

function adviceOf(
  missing: readonly (keyof AlgorithmOffer)[],
  wouldHelp: readonly string[],
  unsupported: readonly string[],
): string {
  if (wouldHelp.length > 0) return `This setting could enable: ${wouldHelp.join(', ')}`;
  const ours = missing.flatMap((use) => offeredAlgorithms([])[use]).join(', ');
  return unsupported.length > 0
    ? `This product does not support ${unsupported.join(', ')} yet. Until it does, the partner's server must offer one of ours besides: ${ours}`
    : `No setting can help: the partner's server must offer one of ours: ${ours}`;
}

function formatOffer(offer: AlgorithmOffer): string {
  return USES.map((use) => `${USE_NAMES[use]} ${offer[use].join(', ')}`).join('; ');
}
