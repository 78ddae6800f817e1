import { counted } from '../../transfer/text/counted.ts';
import type { ServerProbe } from '../ports.ts';
import type { StageLog } from '../stage-log.ts';
import type { ConnectionFacts } from './connection-stages.ts';

/** The name server's word that there is no such host. */
export class HostUnknownError extends Error {
  override readonly name = 'HostUnknownError';
}

/** No name server answered. */
class NameServerError extends Error {
  override readonly name = 'NameServerError';
}

/**
 * Everything before the first packet to the partner: our own settings, and the host's address.
 * @returns the pinned fingerprints
 * @throws StageFailure
 */
export async function prepareInStages(
  probe: ServerProbe,
  log: StageLog,
  facts: ConnectionFacts,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const pinned = await log.measure('configuration', async () => {
    const { pinned: value, credentials, publicKey } = await probe.prepare(signal);
    facts.publicKey = publicKey;
    const given = credentials.length === 0 ? ['no credentials given'] : credentials;
    return {
      value,
      summary: [counted(value.length, 'pinned host key'), ...given].join(', '),
      details: { pinned: value, credentials },
    };
  });
  facts.address = await log.measure('dns', async () => {
    const addresses = await resolve(probe, signal);
    const isAddress = addresses.length === 1 && addresses[0] === probe.host;
    return {
      value: addresses[0],
      summary: isAddress ? `${probe.host} is an address` : `${probe.host} is ${addresses.join(', ')}`,
      details: { addresses },
    };
  });
  return pinned;
}

async function resolve(probe: ServerProbe, signal: AbortSignal): Promise<string[]> {
  const answer = await probe.resolveHost(signal);
  if ('addresses' in answer) return answer.addresses;
  if (answer.failure === 'unknown') throw new HostUnknownError(answer.message);
  throw new NameServerError(answer.message);
}
