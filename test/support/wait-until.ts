import { setTimeout as sleep } from 'node:timers/promises';

const LOOK_EVERY_MS = 5;
/** Below jest's limit for one test of the faults, so that the error names what was waited for. */
const GIVE_UP_AFTER_MS = 300_000;

/**
 * Waits until `condition` holds, however long a busy machine takes.
 * @param what is waited for
 * @throws Error after five minutes
 */
export async function waitUntil(what: string, condition: () => boolean): Promise<void> {
  const giveUpAtMs = performance.now() + GIVE_UP_AFTER_MS;
  while (!condition()) {
    if (performance.now() > giveUpAtMs)
      throw new Error(`waited ${GIVE_UP_AFTER_MS / 1_000} s in vain for ${what}`);
    await sleep(LOOK_EVERY_MS);
  }
}
