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

/** Reads what carrier/capture.c writes: little-endian, nanoseconds, IPv4 without a link layer. Other packets are left out. */
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

function parseTcp(ip: Buffer, timeMs: number): TcpPacket | undefined {
  const [versionAndLength = 0] = ip;
  if (versionAndLength >> 4 !== 4 || ip[9] !== TCP) return undefined;
  const ipHeaderBytes = (versionAndLength & 0x0f) * 4;
  const tcp = ip.subarray(ipHeaderBytes);
  const tcpHeaderBytes = ((tcp[12] ?? 0) >> 4) * 4;
  return {
    timeMs,
    source: ip.subarray(12, 16).join('.'),
    destination: ip.subarray(16, 20).join('.'),
    isSyn: ((tcp[13] ?? 0) & 0x02) !== 0,
    payloadBytes: ip.readUInt16BE(2) - ipHeaderBytes - tcpHeaderBytes,
  };
}
