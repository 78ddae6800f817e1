import { decideFolder, type FolderRules } from '../../folder/decide.ts';
import type { Decision } from '../../folder/decision.ts';
import { triggerPathOf } from '../../folder/ready/trigger.ts';
import type { FolderSettings } from '../../folder/settings.ts';
import { calendarTime } from '../../folder/target/date-format.ts';
import { parseTemplate } from '../../folder/target/target-template.ts';
import { type FileIdentity, isSameFile, type LedgerEntry } from '../../ledger/entry.ts';
import type { FileLedger } from '../../ledger/ports.ts';
import type { FolderLook } from '../shared/look-at-folder.ts';

/** What a run decides by, beside what it sees. */
export interface DecidingRun {
  settings: FolderSettings;
  /** Put before every key as it is. */
  keyPrefix: string;
  /** What `{run:…}` and `{date:…}` are filled from. */
  runMs: number;
  nowMs: number;
  /** What the folder's first complete listing showed; needed unless `settings.initial` is `all`. */
  baseline?: ReadonlyMap<string, FileIdentity>;
  /** Only these paths, where there is a list of them. */
  only?: readonly string[];
  /** Copies what has landed, or failed too often, all the same: a replay. */
  force?: boolean;
  /** Claims that are taken for free here, and judged again when the file is claimed. @default none */
  isOpenClaim?: (owner: string) => boolean;
}

export interface DecidedEntries {
  decisions: Decision[];
  rows: ReadonlyMap<string, LedgerEntry>;
}

/** Decides about every entry of one listing, by the ledger as it is now. @throws LedgerUnavailableError */
export async function decideEntries(
  run: DecidingRun,
  look: FolderLook,
  ledger: FileLedger,
  signal: AbortSignal,
): Promise<DecidedEntries> {
  const { settings, baseline } = run;
  const rows = new Map<string, LedgerEntry>();
  for await (const row of ledger.list({}, signal)) rows.set(row.path, row);
  const decisions = decideFolder(rulesOf(run), {
    entries: look.entries,
    ledger: (path) => withoutOpenClaim(rows.get(path), run.isOpenClaim),
    observations: (path) => look.observations.get(path),
    baseline: (path) => baseline?.get(path),
    manifests: look.manifests,
    isSpentTrigger: spentTriggers(settings, rows),
    run: calendarTime(run.runMs, settings.timeZone),
    nowMs: run.nowMs,
  });
  return { decisions, rows };
}

function withoutOpenClaim(
  row: LedgerEntry | undefined,
  isOpenClaim: DecidingRun['isOpenClaim'],
): LedgerEntry | undefined {
  const owner = row?.attempt?.claim?.owner;
  if (row?.attempt === undefined || owner === undefined || isOpenClaim?.(owner) !== true) return row;
  const { claim: _, ...attempt } = row.attempt;
  return { ...row, attempt };
}

function rulesOf({ settings, keyPrefix, baseline, only, force }: DecidingRun): FolderRules {
  const { ready, limit, initial } = settings;
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
    initial: baseline === undefined ? 'all' : initialOf(initial),
    target: { prefix: keyPrefix, template: parseTemplate(settings.target) },
    timeZone: settings.timeZone,
    maxFailures: settings.maxFailures,
    ...(only !== undefined && { only: new Set(only) }),
    ...(force === true && { force }),
  };
}

function initialOf(initial: FolderSettings['initial']): FolderRules['initial'] {
  if (typeof initial === 'string') return initial;
  return { newerThanSeconds: Date.parse(initial.newerThan) / 1000 };
}

/** Triggers that some landed generation names, by the folder or the file that they are for. */
function spentTriggers(
  { ready }: FolderSettings,
  rows: ReadonlyMap<string, LedgerEntry>,
): (path: string, trigger: FileIdentity) => boolean {
  const { trigger } = ready;
  if (trigger === undefined) return () => false;
  const spent = new Map<string, FileIdentity[]>();
  for (const { path, landed } of rows.values()) {
    if (landed?.trigger === undefined) continue;
    const triggerPath = triggerPathOf(trigger, path);
    spent.set(triggerPath, [...(spent.get(triggerPath) ?? []), landed.trigger]);
  }
  return (path, found) => spent.get(path)?.some((one) => isSameFile(one, found)) === true;
}
