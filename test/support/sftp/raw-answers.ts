import type { SFTPWrapper } from 'ssh2';

const STATUS = 101;

/** What ssh2 1.17 needs to send a packet of our own making; it has no public way. */
interface ChannelInternals {
  outgoing: { id: number };
  _protocol: { channelData(channelId: number, data: Buffer): void; channelEOF(channelId: number): void };
}

/** Says that no more will come on this channel, and leaves it open. */
export function endWithoutClosing(sftp: SFTPWrapper): void {
  const { outgoing, _protocol: protocol } = sftp as unknown as ChannelInternals;
  protocol.channelEOF(outgoing.id);
}

/** Sends a packet, its length included, as it is. */
export function sendPacket(sftp: SFTPWrapper, packet: Buffer): void {
  const { outgoing, _protocol: protocol } = sftp as unknown as ChannelInternals;
  protocol.channelData(outgoing.id, packet);
}

/** Answers a request with any status: ssh2's own server refuses those that version 3 does not know. */
export function sendStatus(sftp: SFTPWrapper, requestId: number, code: number, words = ''): void {
  const text = Buffer.from(words);
  const packet = Buffer.alloc(4 + 1 + 4 + 4 + 4 + text.length + 4);
  packet.writeUInt32BE(packet.length - 4, 0);
  packet[4] = STATUS;
  packet.writeUInt32BE(requestId, 5);
  packet.writeUInt32BE(code, 9);
  packet.writeUInt32BE(text.length, 13);
  text.copy(packet, 17);
  sendPacket(sftp, packet);
}
