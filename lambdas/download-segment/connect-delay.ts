/**
 * How far apart the connections of segments that start together are. Logins that take half a second over a long line
 * are then ten at a time, and OpenSSH drops connections above ten that are logging in (MaxStartups 10:30:100).
 */
const CONNECT_SLOT_MS = 50;

/**
 * How long a worker waits before it connects, in milliseconds. The first `maxConcurrency` segments start together, so
 * each has a slot of its own, and a random place in it: other executions may start at the same moment. A later segment
 * takes the place of one that is done, and need not wait.
 * @param random uniform in [0, 1)
 */
export function connectDelayMs(
  { segmentNumber, maxConcurrency }: { segmentNumber: number; maxConcurrency: number },
  random: number,
): number {
  if (maxConcurrency === 1 || segmentNumber > maxConcurrency) return 0;
  return (segmentNumber - 1 + random) * CONNECT_SLOT_MS;
}
