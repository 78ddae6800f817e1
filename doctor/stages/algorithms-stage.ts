import type { Negotiation } from '../../sftp/connect/negotiation.ts';
import type { StageResult } from '../stage-log.ts';

/** What the server offers and what is picked; old algorithms are a warning. */
export function describeNegotiation({ chosen, offered, legacy }: Negotiation): StageResult {
  const names = [chosen.kex, chosen.serverHostKey, chosen.cipher, chosen.hmac].filter(
    (name) => name !== undefined,
  );
  const weak = legacy.length === 0 ? '' : `; old and weak: ${legacy.join(', ')}`;
  return {
    verdict: legacy.length === 0 ? 'ok' : 'warning',
    summary: names.join(', ') + weak,
    details: {
      chosen: {
        key_exchange: chosen.kex ?? null,
        host_key: chosen.serverHostKey ?? null,
        cipher: chosen.cipher ?? null,
        mac: chosen.hmac ?? null,
      },
      offered: {
        key_exchange: offered.kex,
        host_key: offered.serverHostKey,
        cipher: offered.cipher,
        mac: offered.hmac,
      },
    },
  };
}
