import { type Clock, systemClock } from '../../transfer/clock.ts';

/** A clock on which as much passes in a second as on the machine's in `times` seconds. */
export function fasterClock(times: number): Clock {
  const startedMs = systemClock.nowMs();
  return {
    nowMs: () => startedMs + (systemClock.nowMs() - startedMs) * times,
    sleep: (ms, signal) => systemClock.sleep(ms / times, signal),
  };
}
