import { decideFolder } from '../../folder/decide.ts';
import type { Decision } from '../../folder/decision.ts';
import { folderRules, type RunRules } from '../../folder/folder-rules.ts';
import { type KnownRow, knownRow } from '../../folder/known-row.ts';
import { triggerPathOf } from '../../folder/ready/trigger.ts';
import type { FolderSettings } from '../../folder/settings.ts';
import { calendarTime } from '../../folder/target/date-format.ts';
import { type FileIdentity, isSameFile } from '../../ledger/entry.ts';
import type { FileLedger } from '../../ledger/ports.ts';
import type { FolderLook } from '../shared/look-at-folder.ts';

/** What a run decides by, beside what it sees. */
export interface DecidingRun extends RunRules {
  /** What `{run:…}` and `{date:…}` are filled from. */
  runMs: number;
  nowMs: number;
  /** Claims that are taken for free here, and judged again when the file is claimed. @default none */
  isOpenClaim?: (owner: string) => boolean;
}

export interface DecidedEntries {
  decisions: Decision[];
  rows: ReadonlyMap<string, KnownRow>;
}

/** Decides about every entry of one listing, by the ledger as it is now. @throws LedgerUnavailableError */
export async function decideEntries(
  run: DecidingRun,
  look: FolderLook,
  ledger: FileLedger,
  signal: AbortSignal,
): Promise<DecidedEntries> {
  const { settings, baseline } = run;
  const rows = new Map<string, KnownRow>();
  for await (const row of ledger.list({}, signal)) rows.set(row.path, knownRow(row));
  const decisions = decideFolder(folderRules(run), {
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
  row: KnownRow | undefined,
  isOpenClaim: DecidingRun['isOpenClaim'],
): KnownRow | undefined {
  const owner = row?.attempt?.claim?.owner;
  if (row?.attempt === undefined || owner === undefined || isOpenClaim?.(owner) !== true) return row;
  const { claim: _, ...attempt } = row.attempt;
  return { ...row, attempt };
}

/** Triggers that some landed generation names, by the folder or the file that they are for. */
function spentTriggers(
  { ready }: FolderSettings,
  rows: ReadonlyMap<string, KnownRow>,
): (path: string, trigger: FileIdentity) => boolean {
  const { trigger } = ready;
  if (trigger === undefined) return () => false;
  const spent = new Map<string, FileIdentity[]>();
  for (const [path, { landed }] of rows) {
    if (landed?.trigger === undefined) continue;
    const triggerPath = triggerPathOf(trigger, path);
    spent.set(triggerPath, [...(spent.get(triggerPath) ?? []), landed.trigger]);
  }
  return (path, found) => spent.get(path)?.some((one) => isSameFile(one, found)) === true;
}
