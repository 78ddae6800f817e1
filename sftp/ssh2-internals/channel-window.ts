import type { SFTPWrapper } from 'ssh2';
import { MIB } from '../../transfer/text/units.ts';

/** What ssh2 1.17 grants a server on every channel (`MAX_WINDOW` in its lib/Channel.js). */
export const SSH2_CHANNEL_WINDOW_BYTES = 2 * MIB;

/** The parts of ssh2's channel that have no public name; each may be absent in another version. */
interface ChannelInternals {
  outgoing?: { id?: unknown };
  _protocol?: { channelWindowAdjust?: (remoteChannelId: number, bytes: number) => void };
}

/** Windows granted so far; a channel may serve many reads, and its window must not grow with each. */
const grantedBytes = new WeakMap<SFTPWrapper, number>();

/**
 * Lets the server send up to `windowBytes` on this channel before it hears from us, instead of ssh2's 2 MiB.
 *
 * One channel carries at most its window per round trip: 2 MiB at 50 ms is 40 MiB/s, and ssh2 has no option for
 * it. RFC 4254 (5.2) lets a receiver add to the window at any time, and ssh2's own account stays as it was: it
 * tops the server up by what was received, so what is added here is never taken back. Memory stays bounded, since
 * an SFTP server sends only what was asked for.
 *
 * @returns false when this version of ssh2 cannot do it; the caller then needs more channels for the same rate.
 */
export function widenChannelWindow(sftp: SFTPWrapper, windowBytes: number): boolean {
  const { outgoing, _protocol: protocol } = sftp as unknown as ChannelInternals;
  const remoteChannelId = outgoing?.id;
  if (typeof remoteChannelId !== 'number' || typeof protocol?.channelWindowAdjust !== 'function')
    return false;
  const extraBytes = windowBytes - (grantedBytes.get(sftp) ?? SSH2_CHANNEL_WINDOW_BYTES);
  if (extraBytes > 0) {
    protocol.channelWindowAdjust(remoteChannelId, extraBytes);
    grantedBytes.set(sftp, windowBytes);
  }
  return true;
}
