import { decideFolder, type FolderRules } from '../../folder/decide.ts';
import type { Decision } from '../../folder/decision.ts';
import { triggerPathOf } from '../../folder/ready/trigger.ts';
import type { FolderSettings } from '../../folder/settings.ts';
import { calendarTime } from '../../folder/target/date-format.ts';
import { parseTemplate } from '../../folder/target/target-template.ts';
import { isSameFile, type LedgerEntry } from '../../ledger/entry.ts';
import { systemClock } from '../../transfer/clock.ts';
import type { FolderPull } from './folder-pull.ts';
import type { ListingSnapshot } from './listing-snapshot.ts';
import { type FolderLook, lookAtFolder } from './look-at-folder.ts';
import type { RunSessions } from './run-sessions.ts';

/** The second listing comes so much after the time, for clocks that count in whole seconds. */
const SECOND_LOOK_MARGIN_MS = 50;

export interface RunDecisions {
  look: FolderLook;
  decisions: Decision[];
  rows: ReadonlyMap<string, LedgerEntry>;
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

async function decide(pull: FolderPull, look: FolderLook, startedMs: number): Promise<RunDecisions> {
  const { settings } = pull;
  const rows = new Map<string, LedgerEntry>();
  for await (const row of pull.ledger.list({}, pull.signal)) rows.set(row.path, row);
  const decisions = decideFolder(rulesOf(pull), {
    entries: look.entries,
    ledger: (path) => rows.get(path),
    observations: (path) => look.observations.get(path),
    baseline: () => undefined,
    manifests: look.manifests,
    isSpentTrigger: spentTriggers(settings, rows),
    run: calendarTime(startedMs, settings.timeZone),
    nowMs: systemClock.nowMs(),
  });
  return { look, decisions, rows };
}

function rulesOf({ settings, keyPrefix }: FolderPull): FolderRules {
  const { ready, limit } = settings;
  return {
    names: { ...settings, ignore: ready.ignore },
    ready: {
      quietSeconds: ready.quietSeconds,
      minBytes: ready.minBytes,
      ...(ready.giveUpAfterHours !== undefined && { giveUpAfterHours: ready.giveUpAfterHours }),
    },
    ...(ready.trigger !== undefined && { trigger: ready.trigger }),
    order: settings.order,
    select: settings.select,
    ...(limit !== undefined && { limit }),
    initial: 'all',
    target: { prefix: keyPrefix, template: parseTemplate(settings.target) },
    timeZone: settings.timeZone,
    maxFailures: settings.maxFailures,
  };
}

/** Triggers that some landed generation names, by the folder or the file that they are for. */
function spentTriggers(
  { ready }: FolderSettings,
  rows: ReadonlyMap<string, LedgerEntry>,
): (path: string, trigger: { sizeBytes: number; modifiedAtSeconds: number }) => boolean {
  const { trigger } = ready;
  if (trigger === undefined) return () => false;
  const spent = new Map<string, { sizeBytes: number; modifiedAtSeconds: number }[]>();
  for (const { path, landed } of rows.values()) {
    if (landed?.trigger === undefined) continue;
    const triggerPath = triggerPathOf(trigger, path);
    spent.set(triggerPath, [...(spent.get(triggerPath) ?? []), landed.trigger]);
  }
  return (path, found) => spent.get(path)?.some((one) => isSameFile(one, found)) === true;
}
