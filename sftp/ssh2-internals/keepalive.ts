import type { Socket } from 'node:net';
import type { Client } from 'ssh2';
import type { LineMonitor } from '../line-monitor.ts';

/** ssh2 1.17 starts its count of unanswered pings anew by this; it does so itself only when a ping is answered. */
interface KeepaliveInternals {
  _resetKA?: () => void;
}

/**
 * Tells ssh2's keepalive, for as long as the socket lives, whenever bytes came since it was last told. ssh2 counts its
 * own pings only, and their answers queue behind the data in flight: at 30 KiB/s it ended connections on which bytes
 * flowed without a gap. Other versions of ssh2 are left as they are.
 */
export function feedKeepaliveWith(
  monitor: LineMonitor,
  client: Client,
  socket: Socket,
  keepaliveIntervalMs: number,
): void {
  const { _resetKA: resetKeepalive } = client as KeepaliveInternals;
  if (typeof resetKeepalive !== 'function' || keepaliveIntervalMs === 0) return;
  const lookEveryMs = Math.ceil(keepaliveIntervalMs / LOOKS_PER_INTERVAL);
  const timer = setInterval(() => {
    if (monitor.silentMs() < lookEveryMs) resetKeepalive();
  }, lookEveryMs);
  timer.unref();
  socket.once('close', () => clearInterval(timer));
}

/** Often enough that a line on which bytes flow is never pinged. */
const LOOKS_PER_INTERVAL = 4;
