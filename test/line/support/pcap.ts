/** A TCP packet at the client's end of a line. */
export interface TcpPacket {
  /** Unix time. */
  timeMs: number;
  source: string;
  destination: string;
  isSyn: boolean;
  payloadBytes: number;
}

const FILE_HEADER_BYTES = 24;
const RECORD_HEADER_BYTES = 16;
const TCP = 6;

/** Reads what carrier/capture.c writes: little-endian, nanoseconds, IP without a link layer. Packets of other protocols than TCP are left out. */
export function parsePcap(file: Buffer): TcpPacket[] {
  const packets: TcpPacket[] = [];
  for (let at = FILE_HEADER_BYTES; at < file.length; ) {
    const timeMs = file.readUInt32LE(at) * 1e3 + file.readUInt32LE(at + 4) / 1e6;
    const end = at + RECORD_HEADER_BYTES + file.readUInt32LE(at + 8);
    const packet = parseTcp(file.subarray(at + RECORD_HEADER_BYTES, end), timeMs);
    if (packet !== undefined) packets.push(packet);
    at = end;
  }
  return packets;
}

/** Where its addresses and what is in it are, by the version of IP. */
const LAYOUTS: Readonly<Record<number, { protocolAt: number; addressesAt: number; addressBytes: number }>> = {
  4: { protocolAt: 9, addressesAt: 12, addressBytes: 4 },
  6: { protocolAt: 6, addressesAt: 8, addressBytes: 16 },
};
const IPV6_HEADER_BYTES = 40;

function parseTcp(ip: Buffer, timeMs: number): TcpPacket | undefined {
  const [versionAndLength = 0] = ip;
  const version = versionAndLength >> 4;
  const layout = LAYOUTS[version];
  if (layout === undefined || ip[layout.protocolAt] !== TCP) return undefined;
  const { addressBytes, addressesAt } = layout;
  const ipHeaderBytes = version === 4 ? (versionAndLength & 0x0f) * 4 : IPV6_HEADER_BYTES;
  const totalBytes = version === 4 ? ip.readUInt16BE(2) : IPV6_HEADER_BYTES + ip.readUInt16BE(4);
  const tcp = ip.subarray(ipHeaderBytes);
  const tcpHeaderBytes = ((tcp[12] ?? 0) >> 4) * 4;
  return {
    timeMs,
    source: addressOf(ip.subarray(addressesAt, addressesAt + addressBytes)),
    destination: addressOf(ip.subarray(addressesAt + addressBytes, addressesAt + 2 * addressBytes)),
    isSyn: ((tcp[13] ?? 0) & 0x02) !== 0,
    payloadBytes: totalBytes - ipHeaderBytes - tcpHeaderBytes,
  };
}

/** As it is usually written; IPv6 shortened as a URL has it. */
function addressOf(bytes: Buffer): string {
  if (bytes.length === 4) return bytes.join('.');
  const groups = Array.from({ length: 8 }, (_, group) => bytes.readUInt16BE(2 * group).toString(16));
  return new URL(`http://[${groups.join(':')}]/`).hostname.slice(1, -1);
}
