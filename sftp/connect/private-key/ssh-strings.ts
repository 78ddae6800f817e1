/** The strings of SSH's wire form, each a length of four bytes and that many bytes: RFC 4251, section 5. */
export function sshString(value: string | Uint8Array): Buffer {
  const bytes = Buffer.from(value);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
}

/** Reads the first `count` strings; what follows them is padding. @throws RangeError when they are not there */
export function readSshStrings(bytes: Buffer, count: number): Buffer[] {
  const strings: Buffer[] = [];
  let position = 0;
  for (let read = 0; read < count; read += 1) {
    const end = position + 4 + bytes.readUInt32BE(position);
    if (end > bytes.length) throw new RangeError('a string of SSH is cut off');
    strings.push(bytes.subarray(position + 4, end));
    position = end;
  }
  return strings;
}
