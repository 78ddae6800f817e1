/** One name as a server may send it; every attribute may be left out. */
export interface SentName {
  name: Buffer;
  size?: bigint;
  owner?: [number, number];
  mode?: number;
  /** Of the last access and of the last change, in seconds. */
  times?: [number, number];
  extended?: [string, string][];
}

/** An SSH_FXP_NAME answer from its type on (draft-ietf-secsh-filexfer-02, section 7). */
export function namePacket(requestId: number, names: readonly SentName[]): Buffer {
  return Buffer.concat([Buffer.from([104]), uint32(requestId), uint32(names.length), ...names.map(encode)]);
}

/** The same with its length before it, as it is on the line. */
export function framed(packet: Buffer): Buffer {
  return Buffer.concat([uint32(packet.length), packet]);
}

function encode({ name, size, owner, mode, times, extended }: SentName): Buffer {
  const flags =
    (size === undefined ? 0 : 1) +
    (owner === undefined ? 0 : 2) +
    (mode === undefined ? 0 : 4) +
    (times === undefined ? 0 : 8) +
    (extended === undefined ? 0 : 0x80000000);
  const parts = [string(name), string(Buffer.from('-rw-r--r-- 1 a b')), uint32(flags)];
  if (size !== undefined) parts.push(uint64(size));
  for (const number of [...(owner ?? []), ...(mode === undefined ? [] : [mode]), ...(times ?? [])]) {
    parts.push(uint32(number));
  }
  if (extended !== undefined) {
    parts.push(uint32(extended.length), ...extended.flat().map((text) => string(Buffer.from(text))));
  }
  return Buffer.concat(parts);
}

function string(bytes: Buffer): Buffer {
  return Buffer.concat([uint32(bytes.length), bytes]);
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

function uint64(value: bigint): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(value);
  return bytes;
}
