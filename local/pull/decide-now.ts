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
  const lookAndDecide = async (earlier: ListingSnapshot['observations']): Promise<RunDecisions> => {
    const look = await sessions.use(signal, (session) =>
      lookAtFolder(session, settings, earlier, systemClock.nowMs, signal),
    );
    observer.listed?.(look.entries.length);
    return decide(pull, look, startedMs);
  };
  const first = await lookAndDecide(snapshot.observations);
  const waiting = pull.dryRun ? undefined : quietTime(first, settings);
  if (waiting === undefined) return first;

  observer.waiting?.(waiting.files, waiting.untilMs);
  await systemClock.sleep(Math.max(0, waiting.untilMs - systemClock.nowMs()) + SECOND_LOOK_MARGIN_MS, signal);
  return lookAndDecide(first.look.observations);
}

/** Until when to wait for files that only have to be quiet for longer; undefined where there are none. */
function quietTime(
  { decisions }: RunDecisions,
  settings: FolderSettings,
): { files: number; untilMs: number } | undefined {
  const latestMs = latestWait(settings);
  let [files, untilMs] = [0, 0];
  for (const { readyAtMs } of decisions) {
    if (readyAtMs === undefined) continue;
    files += 1;
    untilMs = Math.max(untilMs, Math.min(readyAtMs, latestMs));
  }
  return files === 0 ? undefined : { files, untilMs };
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
