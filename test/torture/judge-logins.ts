import { LOGIN_INTERVAL_MS, LOGINS_AT_ONCE } from '../../lambdas/shared/session-keeper.ts';
import type { StepAttempt } from '../../local/step-attempts.ts';

/** Steps that log in once. */
const ONCE = ['GetFileMetadata', 'CompleteUpload'];

/** A worker may log in three times at once, and once more for each half minute that it runs. */
export function loginsAllowed({ startedAtMs, endedAtMs }: StepAttempt): number {
  return LOGINS_AT_ONCE + Math.floor((endedAtMs - startedAtMs) / LOGIN_INTERVAL_MS);
}

/**
 * Whether the steps have logged in more often than they may, each by its own count and all of them by the server's.
 * @param loggedInConnections on which a credential was sent; undefined where the server does not count them
 */
export function judgeLoginCounts(
  attempts: readonly StepAttempt[],
  loggedInConnections: number | undefined,
): string[] {
  const workers = attempts.filter(({ step }) => step === 'DownloadSegment');
  const complaints = workers.flatMap((worker) => {
    const logins = worker.progress?.logins ?? 0;
    const allowed = loginsAllowed(worker);
    const seconds = (worker.endedAtMs - worker.startedAtMs) / 1_000;
    return logins <= allowed
      ? []
      : [`a worker logged in ${logins} times in ${seconds.toFixed(0)} s, at most ${allowed} are allowed`];
  });
  const ofOthers = attempts.filter(({ step }) => ONCE.includes(step)).length;
  const allowed = workers.reduce((sum, worker) => sum + loginsAllowed(worker), ofOthers);
  if (loggedInConnections !== undefined && loggedInConnections > allowed)
    complaints.push(`${loggedInConnections} logins at the server, at most ${allowed} are allowed`);
  return complaints;
}
