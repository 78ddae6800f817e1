import type { Socket } from 'node:net';
import type { Client } from 'ssh2';
import type { LineMonitor } from '../line-monitor.ts';

type Answered = (...answer: unknown[]) => void;

interface KeepaliveInternals {
  /** ssh2 1.17 starts its count of unanswered pings anew by this; it does so itself only when a ping is answered. */
  _resetKA?: () => void;
  /** Who waits for the answers to global requests, in order; ssh2 adds itself right before it pings. */
  _callbacks?: Answered[];
  _protocol?: { ping?: () => void };
}

/**
 * Informs ssh2's keepalive, for as long as the socket lives, whenever bytes have come since the last time. ssh2 counts its
 * own pings only, and their answers queue behind the data in flight: at 30 KiB/s it ended connections on which bytes
 * flowed without a gap. The monitor is told which bytes are the answer to a ping: a server whose SFTP hangs while its
 * SSH answers pings would seem alive for ever. Other versions of ssh2 are left as they are.
 */
export function feedKeepaliveWith(
  monitor: LineMonitor,
  client: Client,
  socket: Socket,
  keepaliveIntervalMs: number,
): void {
  const internals = client as unknown as KeepaliveInternals;
  const { _resetKA: resetKeepalive } = internals;
  if (typeof resetKeepalive !== 'function' || keepaliveIntervalMs === 0) return;
  const lookEveryMs = Math.ceil(keepaliveIntervalMs / LOOKS_PER_INTERVAL);
  const timer = setInterval(() => {
    if (monitor.silentMs() < lookEveryMs) resetKeepalive();
  }, lookEveryMs);
  timer.unref();
  socket.once('close', () => clearInterval(timer));
  noticePingAnswers(internals, monitor);
}

function noticePingAnswers(client: KeepaliveInternals, monitor: LineMonitor): void {
  const { _protocol: protocol } = client;
  const ping = protocol?.ping;
  if (protocol === undefined || typeof ping !== 'function') return;
  protocol.ping = () => {
    const answered = client._callbacks?.pop();
    if (answered !== undefined) {
      client._callbacks?.push((...answer) => {
        monitor.pingAnswered();
        answered(...answer);
      });
    }
    ping.call(protocol);
  };
}

/** Often enough that a line on which bytes flow is never pinged. */
const LOOKS_PER_INTERVAL = 4;
