import { isPrivateRange } from '../config/cidr.ts';
import type { TransferNetwork } from './transfer-network.ts';

/**
 * The addresses that a partner sees us come from. A partner that is reached over the internet sees those of the way
 * out; one in a private range (VPN, Direct Connect, peering) sees the private subnets, and is told of no public address.
 * @param allowedCidrs where the partner is reached
 */
export function sourceAddresses(
  allowedCidrs: readonly string[],
  network: Pick<TransferNetwork, 'egressAddresses' | 'privateCidrs'>,
): readonly string[] {
  return [
    ...(isReachedOverTheInternet(allowedCidrs) ? network.egressAddresses : []),
    ...(allowedCidrs.some(isPrivateRange) ? network.privateCidrs : []),
  ];
}

export function isReachedOverTheInternet(allowedCidrs: readonly string[]): boolean {
  return !allowedCidrs.every(isPrivateRange);
}
