import type { ListingSnapshot } from '../../folder/run/listing-snapshot.ts';
import type { FolderSettings } from '../../folder/settings.ts';
import { type DecidedEntries, decideEntries } from '../../lambdas/list-folder/decide-entries.ts';
import { type FolderLook, lookAtFolder } from '../../lambdas/shared/look-at-folder.ts';
import { systemClock } from '../../transfer/clock.ts';
import type { FolderPull } from './folder-pull.ts';
import type { RunSessions } from './run-sessions.ts';

/** The second listing comes so much after the time, for clocks that count in whole seconds. */
const SECOND_LOOK_MARGIN_MS = 50;

export interface RunDecisions extends DecidedEntries {
  look: FolderLook;
}

/**
 * Looks at the folder and decides about every entry. Where files only have to be quiet for longer, it looks a second
 * time after that: a dry run does not wait, and shows them as not ready. No session is held meanwhile.
 */
export async function decideNow(run: {
  pull: FolderPull;
  sessions: RunSessions;
  snapshot: ListingSnapshot;
  startedMs: number;
}): Promise<RunDecisions> {
  const { pull, sessions, snapshot, startedMs } = run;
  const { settings, signal, observer } = pull;
  const look = (earlier: ListingSnapshot['observations']): Promise<FolderLook> =>
    sessions.use(signal, (session) => lookAtFolder(session, settings, earlier, systemClock.nowMs, signal));
  const first = await look(snapshot.observations);
  observer.listed?.(first.entries.length);
  const decided = await decide(pull, first, startedMs);
  const waiting = decided.decisions.flatMap(({ readyAtMs }) => (readyAtMs === undefined ? [] : [readyAtMs]));
  if (pull.dryRun || waiting.length === 0) return decided;

  const untilMs = Math.max(...waiting.map((readyAtMs) => Math.min(readyAtMs, latestWait(settings))));
  observer.waiting?.(waiting.length, untilMs);
  await systemClock.sleep(Math.max(0, untilMs - systemClock.nowMs()) + SECOND_LOOK_MARGIN_MS, signal);
  const second = await look(first.observations);
  observer.listed?.(second.entries.length);
  return decide(pull, second, startedMs);
}

/** One quiet time from now; what is to wait for longer waits for another run. */
function latestWait({ ready }: FolderSettings): number {
  return systemClock.nowMs() + ready.quietSeconds * 1000;
}

async function decide(
  { settings, keyPrefix, ledger, signal }: FolderPull,
  look: FolderLook,
  startedMs: number,
): Promise<RunDecisions> {
  const run = { settings, keyPrefix, runMs: startedMs, nowMs: systemClock.nowMs() };
  return { look, ...(await decideEntries(run, look, ledger, signal)) };
}
