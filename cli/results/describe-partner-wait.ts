import { type CaughtError, readableCause } from '../../transfer/text/lambda-error.ts';
import { formatClock } from '../format/numbers.ts';

/** That a transfer waits for a partner who cannot be reached, in one line for people. */
export function describePartnerWait({
  lost,
  since_ms: sinceMs,
  wait_seconds: waitSeconds,
}: {
  lost: CaughtError;
  since_ms: number;
  wait_seconds: number;
}): string {
  return (
    `Waiting for the partner since ${formatClock(sinceMs)}: ${lost.Error} (${readableCause(lost.Cause).replace(/\.$/, '')}); ` +
    `next try within ${waitSeconds} s`
  );
}
