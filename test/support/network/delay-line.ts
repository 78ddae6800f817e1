import type { Socket } from 'node:net';

interface Delayed {
  dueMs: number;
  /** Undefined is the end of the stream. */
  data: Buffer | undefined;
}

/**
 * Forwards what `source` sends to `destination`, each byte and the end `delayMs` after it came, as a long line does:
 * any number of bytes is on its way at once, so latency does not limit bandwidth. The source is held back only while
 * the destination does not keep up. Both sockets must allow half-open connections.
 * @param mayPass is asked for each piece (undefined: the end) when it is due; false loses it
 */
export function forwardDelayed(
  source: Socket,
  destination: Socket,
  delayMs: number,
  mayPass: (data: Buffer | undefined) => boolean = () => true,
): void {
  const queue: Delayed[] = [];
  let timer: NodeJS.Timeout | undefined;

  const letThrough = (data: Buffer | undefined): void => {
    if (destination.destroyed || !mayPass(data)) return;
    if (data === undefined) {
      destination.end();
    } else if (!destination.write(data) && !source.isPaused()) {
      source.pause();
      destination.once('drain', () => source.resume());
    }
  };
  const letThroughDue = (): void => {
    timer = undefined;
    const nowMs = performance.now();
    let due = 0;
    while (due < queue.length && (queue[due] as Delayed).dueMs <= nowMs) due += 1;
    for (const { data } of queue.splice(0, due)) letThrough(data);
    const [next] = queue;
    if (next !== undefined) timer ??= setTimeout(letThroughDue, Math.max(0, next.dueMs - performance.now()));
  };
  const accept = (data: Buffer | undefined): void => {
    if (delayMs === 0) {
      letThrough(data);
      return;
    }
    queue.push({ dueMs: performance.now() + delayMs, data });
    timer ??= setTimeout(letThroughDue, delayMs);
  };

  source.on('data', accept);
  source.once('end', () => accept(undefined));
  destination.once('close', () => {
    clearTimeout(timer);
    queue.length = 0;
    // Nobody is left to take what the source still sends.
    if (!source.readableEnded) source.destroy();
  });
}
