import type { TcpPacket } from './pcap.ts';

/** A packet that came this early, measured against the round trip, was on its way before it was asked for. */
const MIN_SHARE = 0.99;

/**
 * How many round trips, one after the other, a conversation took: the most pairs of a packet that the client sent and
 * one that came back, where none begins before the one before it is over, and none is shorter than the line's round
 * trip. Slow programs at either end do not add any, as they would if time was divided by the round trip. Packets that
 * only confirm count as sent: a server's next words may wait for them (Nagle's algorithm).
 * @param packets of one connection, in the order of time
 */
export function countRoundTrips(
  packets: readonly TcpPacket[],
  { clientAddress, roundTripMs }: { clientAddress: string; roundTripMs: number },
): number {
  let count = 0;
  let askedMs: number | undefined;
  for (const { timeMs, source, isSyn, payloadBytes } of packets) {
    if (source === clientAddress) {
      askedMs ??= timeMs;
    } else if (
      (isSyn || payloadBytes > 0) &&
      askedMs !== undefined &&
      timeMs - askedMs >= roundTripMs * MIN_SHARE
    ) {
      count += 1;
      askedMs = undefined;
    }
  }
  return count;
}
