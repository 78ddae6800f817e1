import { BlockList, isIP } from 'node:net';

/** True if the address lies in one of the ranges, such as `198.51.100.0/24`. */
export function isWithin(address: string, cidrs: readonly string[]): boolean {
  const list = new BlockList();
  for (const cidr of cidrs) {
    const [network = '', prefix] = cidr.split('/');
    const family = familyOf(network);
    if (family !== undefined) list.addSubnet(network, Number(prefix), family);
  }
  const family = familyOf(address);
  return family !== undefined && list.check(address, family);
}

function familyOf(address: string): 'ipv4' | 'ipv6' | undefined {
  return ({ 4: 'ipv4', 6: 'ipv6' } as const)[isIP(address)];
}
