import { setTimeout as sleep } from 'node:timers/promises';

/** How soon after a transfer a server must be rid of its connections; a busy machine takes its time over it. */
const CONNECTIONS_END_WITHIN_MS = 10_000;
const LOOK_EVERY_MS = 20;

/** Waits until `count` is 0, as long as connections may take to end. @returns how many are left then */
export async function connectionsLeft(count: () => number): Promise<number> {
  for (let waitedMs = 0; count() > 0 && waitedMs < CONNECTIONS_END_WITHIN_MS; waitedMs += LOOK_EVERY_MS) {
    await sleep(LOOK_EVERY_MS);
  }
  return count();
}
