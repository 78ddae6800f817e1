import { InvalidTransferRequestError } from '../../transfer/errors.ts';
import type { AlgorithmOffer } from './algorithms.ts';
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
  const { missing, wouldHelp } = negotiate(offer, legacyAlgorithms);
  const advice =
    wouldHelp.length > 0
      ? `This setting could enable: ${wouldHelp.join(', ')}`
      : 'No setting can help: the partner must upgrade';
  return new InvalidTransferRequestError(
    'legacyAlgorithms',
    legacyAlgorithms,
    `${server} shares no ${missing.map((use) => USE_NAMES[use]).join(' and no ')} with us. ` +
      `It offers ${formatOffer(offer)}. ${advice}`,
    cause && { cause },
  );
}

function formatOffer(offer: AlgorithmOffer): string {
  return USES.map((use) => `${USE_NAMES[use]} ${offer[use].join(', ')}`).join('; ');
}
