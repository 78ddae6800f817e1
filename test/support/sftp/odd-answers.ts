import type { Socket } from 'node:net';
import type { Connection, SFTPWrapper } from 'ssh2';

/** Types of packets that a server sends: draft-ietf-secsh-filexfer-02, section 3. */
const STATUS = 101;
const HANDLE = 102;
const DATA = 103;
const NAME = 104;
const ATTRS = 105;
/** Of no version of the protocol. */
const UNKNOWN_TYPE = 250;
const ATTR_SIZE = 0x1;
const ATTR_EXTENDED = 0x80000000;
/** Far above what a handle (256 bytes) or a path (4,096) may have, below what ssh2 takes as a packet (256 KiB). */
const TOO_MUCH_BYTES = 100_000;
/** Version 3 knows 0 to 8, version 6 up to 31. */
const LAST_STATUS = 31;
/** A server's words may hold anything: other lines, colours, a bell. */
const WORDS =
  'of the server\r\n\u001b[31mred\u001b[0m \u0007{"level":"ERROR"}\n    at Object.<anonymous> (server.js:1:1)';

/** What a server may make of any request. */
export interface OddAnswer {
  description: string;
  send(sftp: SFTPWrapper, id: number): void;
}

/** Every status of every version, and all else that is no answer to what was asked. */
export const ODD_ANSWERS: readonly OddAnswer[] = [
  ...Array.from({ length: LAST_STATUS + 1 }, (_, code) =>
    packet(`status ${code}`, STATUS, int(code), text(WORDS), text('en')),
  ),
  packet('a status without words', STATUS, int(4)),
  packet('a status of unknown code', STATUS, int(0xffffffff), text('?'), text('')),
  packet('a status of many words', STATUS, int(4), text('word '.repeat(TOO_MUCH_BYTES / 5)), text('')),
  packet('a status cut short', STATUS),
  packet('an empty handle', HANDLE, text('')),
  packet('a handle too long', HANDLE, text('h'.repeat(TOO_MUCH_BYTES))),
  packet('a handle cut short', HANDLE, int(64)),
  packet('no attributes', ATTRS, int(0)),
  packet('a size of 2^64 - 1', ATTRS, int(ATTR_SIZE), int(0xffffffff), int(0xffffffff)),
  packet('a size of 0', ATTRS, int(ATTR_SIZE), int(0), int(0)),
  packet(
    'many attributes',
    ATTRS,
    int(ATTR_EXTENDED),
    int(1_000),
    ...Array.from({ length: 1_000 }, (_, n) => text(`name ${n}`)).flatMap((name) => [name, name]),
  ),
  packet('attributes cut short', ATTRS, int(ATTR_SIZE)),
  packet('no name', NAME, int(0)),
  packet('an empty name', NAME, int(1), text(''), text(''), int(0)),
  packet('a relative name', NAME, int(1), text('file.bin'), text(''), int(0)),
  packet('a name too long', NAME, int(1), text(`/${'n'.repeat(TOO_MUCH_BYTES)}`), text(''), int(0)),
  packet('a name of two lines', NAME, int(1), text('/a\n    at b\u0000'), text(''), int(0)),
  packet('two names', NAME, int(2), text('/a'), text('/a'), int(0), text('/b'), text('/b'), int(0)),
  packet('names cut short', NAME, int(1_000), text('/a')),
  packet('data of no bytes', DATA, text('')),
  packet('data too long', DATA, text('d'.repeat(TOO_MUCH_BYTES))),
  packet('data cut short', DATA, int(64)),
  packet('a packet of unknown type', UNKNOWN_TYPE),
  {
    description: 'an answer to another request',
    send: (sftp, id) => sendPacket(sftp, STATUS, id + 1_000, [int(0), text(''), text('')]),
  },
  {
    description: 'two answers',
    send(sftp, id) {
      sendPacket(sftp, STATUS, id, [int(4), text('the first'), text('')]);
      sendPacket(sftp, STATUS, id, [int(3), text('the second'), text('')]);
    },
  },
  { description: 'a packet of 4 GiB', send: (sftp) => sendBytes(sftp, int(0xffffffff)) },
  { description: 'a packet of no bytes', send: (sftp) => sendBytes(sftp, int(0)) },
  { description: 'nothing', send: () => {} },
  { description: 'the end of the channel', send: (sftp) => sftp.end() },
  { description: 'the end of the connection', send: (sftp) => void internals(sftp)._client.end() },
  { description: 'a reset', send: (sftp) => void internals(sftp)._client._sock.resetAndDestroy() },
];

function packet(description: string, type: number, ...fields: Buffer[]): OddAnswer {
  return { description, send: (sftp, id) => sendPacket(sftp, type, id, fields) };
}

function sendPacket(sftp: SFTPWrapper, type: number, id: number, fields: readonly Buffer[]): void {
  const body = Buffer.concat([Buffer.of(type), int(id), ...fields]);
  sendBytes(sftp, Buffer.concat([int(body.length), body]));
}

/**
 * Fields of ssh2 1.17 that it does not document: what its own server sends answers with (lib/protocol/SFTP.js,
 * tryWritePayload), and the connection below. Its public methods refuse to send what is no proper answer.
 */
interface Ssh2Internals {
  outgoing: { id: number; state: string; window: number; packetSize: number };
  _protocol: { channelData(id: number, data: Buffer): void };
  _client: Connection & { _sock: Socket };
}

const internals = (sftp: SFTPWrapper): Ssh2Internals => sftp as unknown as Ssh2Internals;

/** Sends bytes on an SFTP channel as they are. Its window is far larger than any answer here. */
function sendBytes(sftp: SFTPWrapper, bytes: Buffer): void {
  const { outgoing, _protocol } = internals(sftp);
  if (outgoing.state !== 'open') return;
  for (let at = 0; at < bytes.length; at += outgoing.packetSize) {
    const piece = bytes.subarray(at, at + outgoing.packetSize);
    outgoing.window -= piece.length;
    _protocol.channelData(outgoing.id, piece);
  }
}

function int(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value >>> 0);
  return bytes;
}

function text(value: string): Buffer {
  const bytes = Buffer.from(value);
  return Buffer.concat([int(bytes.length), bytes]);
}
