import { crc32 } from 'node:zlib';

/** A file of an archive; `name` is its path, with forward slashes. */
export interface ZipEntry {
  name: string;
  bytes: Uint8Array;
}

/** 1980-01-01, the earliest date that the format knows, as MS-DOS date and time. */
const DOS_DATE = 0x0021;
const DOS_TIME = 0;
const VERSION_NEEDED = 20;
/** Written on Unix, so that the mode below counts. */
const VERSION_MADE_BY = (3 << 8) | VERSION_NEEDED;
/** A regular file, rw-r--r--. */
const EXTERNAL_ATTRIBUTES = 0o100644 * 2 ** 16;
const UTF8_NAMES = 0x0800;
const STORED = 0;

/**
 * Packs `entries` so that equal entries give equal bytes on any machine at any time: fixed date and mode, sorted
 * by name, and stored, not deflated, since zlib's output differs between its builds.
 * Format: https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT
 */
export function zip(entries: readonly ZipEntry[]): Buffer {
  const sorted = [...entries].sort((a, b) => (a.name < b.name ? -1 : 1));
  const locals: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const entry of sorted) {
    const local = localRecord(entry);
    directory.push(directoryRecord(entry, offset));
    locals.push(local);
    offset += local.length;
  }
  const directoryBytes = Buffer.concat(directory);
  return Buffer.concat([...locals, directoryBytes, endRecord(sorted.length, directoryBytes.length, offset)]);
}

function localRecord(entry: ZipEntry): Buffer {
  const signature = Buffer.from('PK\x03\x04', 'latin1');
  const name = Buffer.from(entry.name);
  return Buffer.concat([signature, commonFields(entry, name), name, entry.bytes]);
}

function directoryRecord(entry: ZipEntry, localOffset: number): Buffer {
  const name = Buffer.from(entry.name);
  const madeBy = Buffer.alloc(2);
  madeBy.writeUInt16LE(VERSION_MADE_BY, 0);
  // Comment length, disk number, internal attributes: 0.
  const tail = Buffer.alloc(14);
  tail.writeUInt32LE(EXTERNAL_ATTRIBUTES, 6);
  tail.writeUInt32LE(localOffset, 10);
  return Buffer.concat([Buffer.from('PK\x01\x02', 'latin1'), madeBy, commonFields(entry, name), tail, name]);
}

/** The 26 bytes that local and directory records share, from "version needed" to "extra field length". */
function commonFields(entry: ZipEntry, name: Buffer): Buffer {
  const fields = Buffer.alloc(26);
  fields.writeUInt16LE(VERSION_NEEDED, 0);
  fields.writeUInt16LE(UTF8_NAMES, 2);
  fields.writeUInt16LE(STORED, 4);
  fields.writeUInt16LE(DOS_TIME, 6);
  fields.writeUInt16LE(DOS_DATE, 8);
  fields.writeUInt32LE(crc32(entry.bytes), 10);
  fields.writeUInt32LE(entry.bytes.length, 14);
  fields.writeUInt32LE(entry.bytes.length, 18);
  fields.writeUInt16LE(name.length, 22);
  return fields;
}

function endRecord(count: number, directoryLength: number, directoryOffset: number): Buffer {
  const record = Buffer.alloc(22);
  record.write('PK\x05\x06', 0, 'latin1');
  record.writeUInt16LE(count, 8);
  record.writeUInt16LE(count, 10);
  record.writeUInt32LE(directoryLength, 12);
  record.writeUInt32LE(directoryOffset, 16);
  return record;
}
