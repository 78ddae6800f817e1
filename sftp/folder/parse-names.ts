import type { EntryAttributes, RawEntry } from './ports.ts';

/** Which attributes follow the flags: draft-ietf-secsh-filexfer-02, section 5. */
const ATTRIBUTE = { size: 0x1, owner: 0x2, permissions: 0x4, times: 0x8, extended: 0x80000000 } as const;
/** Type and request id. */
const HEADER_BYTES = 1 + 4;

/**
 * The names in an SSH_FXP_NAME answer (draft-ietf-secsh-filexfer-02, section 7), as the bytes they came in.
 * @param packet from its type on, without its length
 * @throws RangeError when it ends before what it announces
 */
export function parseNames(packet: Buffer): RawEntry[] {
  const reader = new PacketReader(packet, HEADER_BYTES);
  const count = reader.uint32();
  const entries: RawEntry[] = [];
  for (let index = 0; index < count; index += 1) {
    const name = reader.bytes();
    reader.bytes(); // the line that `ls -l` would show
    entries.push({ name: Buffer.from(name), attributes: readAttributes(reader) });
  }
  return entries;
}

function readAttributes(reader: PacketReader): EntryAttributes {
  const flags = reader.uint32();
  const has = (flag: number): boolean => (flags & flag) !== 0;
  const attributes: EntryAttributes = {};
  if (has(ATTRIBUTE.size)) attributes.sizeBytes = reader.uint64();
  if (has(ATTRIBUTE.owner)) reader.skip(8);
  if (has(ATTRIBUTE.permissions)) attributes.mode = reader.uint32();
  if (has(ATTRIBUTE.times)) {
    reader.skip(4); // of the last access
    attributes.modifiedAtSeconds = reader.uint32();
  }
  if (has(ATTRIBUTE.extended)) {
    for (let pairs = reader.uint32(); pairs > 0; pairs -= 1) {
      reader.bytes();
      reader.bytes();
    }
  }
  return attributes;
}

class PacketReader {
  readonly #packet: Buffer;
  #position: number;

  constructor(packet: Buffer, position: number) {
    this.#packet = packet;
    this.#position = position;
  }

  uint32(): number {
    const value = this.#packet.readUInt32BE(this.#position);
    this.#position += 4;
    return value;
  }

  uint64(): number {
    const value = Number(this.#packet.readBigUInt64BE(this.#position));
    this.#position += 8;
    return value;
  }

  bytes(): Buffer {
    const end = this.uint32() + this.#position;
    if (end > this.#packet.length) throw new RangeError('a NAME answer ends in the middle of a name');
    const bytes = this.#packet.subarray(this.#position, end);
    this.#position = end;
    return bytes;
  }

  skip(byteCount: number): void {
    this.#position += byteCount;
  }
}
