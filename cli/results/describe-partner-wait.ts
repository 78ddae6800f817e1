import { formatClock } from '../format/numbers.ts';

/** Between two lines about the same wait, which is a minute or more. */
export const WAIT_NOTE_INTERVAL_MS = 59_000;

/** A wait for a partner who cannot be reached. */
export interface PartnerWait {
  lost: { name: string; message: string };
  sinceMs: number;
  waitSeconds: number;
}

/** That a transfer waits for a partner who cannot be reached, in one line for people. */
export function describePartnerWait({ lost, sinceMs, waitSeconds }: PartnerWait): string {
  return (
    `Waiting for the partner since ${formatClock(sinceMs)}: ${lost.name} (${lost.message.replace(/\.$/, '')}); ` +
    `next try within ${waitSeconds} s`
  );
}
