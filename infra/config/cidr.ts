/** IPv4 address ranges in CIDR notation, as numbers. Pure arithmetic: no lookups. */

/** `firstAddress` is the network address as an unsigned 32-bit number. */
export interface Cidr {
  firstAddress: number;
  prefixLength: number;
}

const ADDRESS_BITS = 32;

/** Parses `a.b.c.d`; undefined when it is not an IPv4 address. */
export function parseIpv4(text: string): number | undefined {
  const octets = text.split('.');
  if (octets.length !== 4) return undefined;
  let address = 0;
  for (const octet of octets) {
    if (!/^(0|[1-9]\d{0,2})$/.test(octet) || Number(octet) > 255) return undefined;
    address = address * 256 + Number(octet);
  }
  return address;
}

/** Parses `a.b.c.d/n`; undefined when it is not a range or has bits set beyond its prefix (`10.0.0.1/16`). */
export function parseCidr(text: string): Cidr | undefined {
  const [addressText, prefixText, ...rest] = text.split('/');
  if (addressText === undefined || prefixText === undefined || rest.length > 0) return undefined;
  if (!/^(0|[1-9]\d?)$/.test(prefixText) || Number(prefixText) > ADDRESS_BITS) return undefined;
  const firstAddress = parseIpv4(addressText);
  if (firstAddress === undefined) return undefined;
  const cidr = { firstAddress, prefixLength: Number(prefixText) };
  return firstAddress % sizeOf(cidr) === 0 ? cidr : undefined;
}

/** The range that an address with bits beyond its prefix, or without a prefix, lies in; undefined when it is neither. */
export function cidrOfAddress(text: string): string | undefined {
  const [, addressText = '', prefixText = String(ADDRESS_BITS)] =
    /^([\d.]+)(?:\/(\d{1,2}))?$/.exec(text) ?? [];
  const address = parseIpv4(addressText);
  const prefixLength = Number(prefixText);
  if (address === undefined || prefixLength > ADDRESS_BITS) return undefined;
  const size = sizeOf({ firstAddress: 0, prefixLength });
  return formatCidr({ firstAddress: address - (address % size), prefixLength });
}

export function formatCidr({ firstAddress, prefixLength }: Cidr): string {
  const octets = [24, 16, 8, 0].map((shift) => Math.floor(firstAddress / 2 ** shift) % 256);
  return `${octets.join('.')}/${prefixLength}`;
}

/** True when the two ranges share an address. */
export function overlaps(a: Cidr, b: Cidr): boolean {
  return a.firstAddress < b.firstAddress + sizeOf(b) && b.firstAddress < a.firstAddress + sizeOf(a);
}

/** True when every address of `inner` is in `outer`. */
export function contains(outer: Cidr, inner: Cidr): boolean {
  return overlaps(outer, inner) && inner.prefixLength >= outer.prefixLength;
}

/** RFC 1918 and RFC 6598: what a network may use without hiding a public address. */
export const PRIVATE_RANGES: readonly Cidr[] = [
  '10.0.0.0/8',
  '172.16.0.0/12',
  '192.168.0.0/16',
  '100.64.0.0/10',
].flatMap((text) => parseCidr(text) ?? []);

/** True for a range of which every address is private; false for what is not a range. */
export function isPrivateRange(text: string): boolean {
  const range = parseCidr(text);
  return range !== undefined && PRIVATE_RANGES.some((privateRange) => contains(privateRange, range));
}

/** The `index`-th of the equal parts that `cidr` splits into when its prefix grows by `addedBits`. */
export function subnet(cidr: Cidr, addedBits: number, index: number): Cidr {
  const part = { firstAddress: cidr.firstAddress, prefixLength: cidr.prefixLength + addedBits };
  if (index < 0 || index >= 2 ** addedBits) throw new RangeError(`${formatCidr(cidr)} has no part ${index}`);
  return { ...part, firstAddress: cidr.firstAddress + index * sizeOf(part) };
}

function sizeOf({ prefixLength }: Cidr): number {
  return 2 ** (ADDRESS_BITS - prefixLength);
}
