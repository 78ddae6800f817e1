import type { SFTPWrapper } from 'ssh2';
import { KIB } from '../../transfer/text/units.ts';

/** SSH_FXP_NAME: draft-ietf-secsh-filexfer-02, section 3. */
const NAME = 104;
const LENGTH_BYTES = 4;
/** Length, type, request id. */
const HEADER_BYTES = LENGTH_BYTES + 1 + 4;
/** ssh2's own bound on what it takes (lib/protocol/SFTP.js): it ends a channel that sends more. */
const MAX_PACKET_BYTES = 256 * KIB;

/** The parts of ssh2 1.17's SFTP client that have no public name; each may be absent in another version. */
interface ReceivingInternals {
  /** Given every piece of data of the channel, and null at its end. */
  push?: (data: Buffer | null) => unknown;
  /** Bytes of a packet's length that have come; 0 between two packets. */
  _pktLenBytes?: number;
  _writeReqid?: number;
  _requests?: Record<number, { cb: (error?: Error) => void } | undefined>;
}

type OnPacket = (packet: Buffer) => void;

/** Channels that are listened to, with who waits for which answer. */
const listening = new WeakMap<SFTPWrapper, Map<number, OnPacket>>();

/**
 * Hands the answer to the READDIR that was sent last to `onPacket` as it came, instead of to ssh2, which would turn
 * names into strings and lose every byte that is not UTF-8. Other answers to it, a status above all, go ssh2's way.
 *
 * @returns false when this version of ssh2 cannot be listened to, or is in the middle of a packet: then the answer
 *   comes the usual way
 */
export function takeRawNames(sftp: SFTPWrapper, onPacket: OnPacket): boolean {
  const { _writeReqid: id, _requests: requests } = sftp as ReceivingInternals;
  if (id === undefined || requests?.[id] === undefined) return false;
  const waiting = listening.get(sftp) ?? listen(sftp);
  if (waiting === undefined) return false;
  waiting.set(id, onPacket);
  return true;
}

function listen(sftp: SFTPWrapper): Map<number, OnPacket> | undefined {
  const internals = sftp as ReceivingInternals;
  const push = internals.push;
  if (typeof push !== 'function' || internals._pktLenBytes !== 0) return undefined;
  const waiting = new Map<number, OnPacket>();
  const packets = new PacketSplitter();
  internals.push = (data) => {
    // Nobody waits, and nothing of a packet is held here: ssh2 gets the data as it came.
    if (data === null || (waiting.size === 0 && packets.isBetweenPackets && internals._pktLenBytes === 0)) {
      return push.call(sftp, data);
    }
    // ssh2 has a part of a packet that began while nobody waited: it gets the rest of it first.
    if (packets.isBetweenPackets && internals._pktLenBytes !== 0) return push.call(sftp, data);
    let result: unknown;
    for (const packet of packets.split(data)) {
      const id = requestOf(packet);
      const onPacket = id === undefined ? undefined : waiting.get(id);
      if (id === undefined || onPacket === undefined) {
        result = push.call(sftp, packet);
        forgetAnswered(waiting, internals);
        continue;
      }
      waiting.delete(id);
      delete internals._requests?.[id];
      onPacket(packet.subarray(LENGTH_BYTES));
    }
    return result;
  };
  listening.set(sftp, waiting);
  return waiting;
}

/** Which request a NAME answers; undefined for any other packet, and for one that is cut short. */
function requestOf(packet: Buffer): number | undefined {
  const isName = packet[LENGTH_BYTES] === NAME && packet.length >= HEADER_BYTES;
  const isWhole = packet.length === LENGTH_BYTES + packet.readUInt32BE(0);
  return isName && isWhole ? packet.readUInt32BE(LENGTH_BYTES + 1) : undefined;
}

/** Requests that were answered in another way than with names. */
function forgetAnswered(waiting: Map<number, OnPacket>, { _requests: requests }: ReceivingInternals): void {
  for (const id of waiting.keys()) if (requests?.[id] === undefined) waiting.delete(id);
}

/** Cuts a stream of SFTP packets at their lengths. */
class PacketSplitter {
  #pending: Buffer = Buffer.alloc(0);

  get isBetweenPackets(): boolean {
    return this.#pending.length === 0;
  }

  /** Whole packets with their lengths; what is left of `data` waits for more. */
  split(data: Buffer): Buffer[] {
    let rest = this.#pending.length === 0 ? data : Buffer.concat([this.#pending, data]);
    const packets: Buffer[] = [];
    while (rest.length >= LENGTH_BYTES) {
      const lengthBytes = rest.readUInt32BE(0);
      // ssh2 says what is wrong with it, and ends the channel.
      const end = lengthBytes > MAX_PACKET_BYTES ? rest.length : LENGTH_BYTES + lengthBytes;
      if (rest.length < end) break;
      packets.push(rest.subarray(0, end));
      rest = rest.subarray(end);
    }
    // The caller's buffer may be used again.
    this.#pending = rest.length === 0 ? Buffer.alloc(0) : Buffer.from(rest);
    return packets;
  }
}
