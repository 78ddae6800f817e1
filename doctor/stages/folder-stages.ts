import { basename, dirname } from 'node:path/posix';
import { archivePathOf } from '../../folder/archive-place.ts';
import { decideFolder } from '../../folder/decide.ts';
import { countOutcomes, type Decision, type Outcome } from '../../folder/decision.ts';
import { folderRules } from '../../folder/folder-rules.ts';
import { identityOf } from '../../folder/identity.ts';
import { type Observation, observe } from '../../folder/ready/observation.ts';
import { compileNameRules } from '../../folder/select-files.ts';
import type { FolderSettings } from '../../folder/settings.ts';
import { calendarTime } from '../../folder/target/date-format.ts';
import type { Clock } from '../../transfer/clock.ts';
import { absolute } from '../../transfer/source/absolute-path.ts';
import { counted } from '../../transfer/text/counted.ts';
import type { ProbeSession } from '../ports.ts';
import type { StageLog } from '../stage-log.ts';

/** Names shown of each outcome. */
const SHOWN_NAMES = 3;

export interface CheckedFolder {
  /** As the server resolved it. */
  path: string;
  settings: FolderSettings;
}

/** A file that a first run would copy. */
interface ExampleFile {
  /** Relative to the folder. */
  path: string;
  modifiedAtSeconds: number;
}

/**
 * Lists the folder, and decides about its entries as the first run over it would, if all of them stay as they are:
 * nothing has landed, and no quiet time is waited for. Manifests are not read.
 * @returns the first that would be copied, if any would
 * @throws StageFailure
 */
export async function listInStage(
  session: ProbeSession,
  { path, settings }: CheckedFolder,
  log: StageLog,
  clock: Pick<Clock, 'nowMs'>,
  signal: AbortSignal,
): Promise<ExampleFile | undefined> {
  return log.measure('listing', async () => {
    const judge = compileNameRules({ ...settings, ignore: settings.ready.ignore });
    const { maxDepth, links } = settings;
    const isWanted = (name: string): boolean => judge(name).wanted;
    const { entries, unread } = await session.listFolder({ path, maxDepth, links, isWanted }, signal);
    const nowMs = clock.nowMs();
    const observations = new Map<string, Observation>();
    for (const entry of entries) {
      const identity = entry.nameProblem === undefined ? identityOf(entry) : undefined;
      if (identity !== undefined) observations.set(entry.path, observe(undefined, identity, nowMs));
    }
    const ready = { ...settings.ready, quietSeconds: 0 };
    const decisions = decideFolder(folderRules({ settings: { ...settings, ready }, keyPrefix: '' }), {
      entries,
      ledger: () => undefined,
      observations: (name) => observations.get(name),
      baseline: () => undefined,
      manifests: new Map(),
      isSpentTrigger: () => false,
      run: calendarTime(nowMs, settings.timeZone),
      nowMs,
    });
    const outcomes = summariseOutcomes(decisions);
    const told = Object.entries(outcomes).map(([outcome, { count }]) => `${count} ${outcome}`);
    const notRead = unread.length === 0 ? [] : [`${counted(unread.length, 'folder')} not read`];
    const copied = decisions.find(({ outcome }) => outcome === 'copy')?.path;
    const seen = copied === undefined ? undefined : observations.get(copied);
    return {
      value:
        copied !== undefined && seen !== undefined
          ? { path: copied, modifiedAtSeconds: seen.modifiedAtSeconds }
          : undefined,
      verdict: unread.length === 0 ? 'ok' : 'warning',
      summary: [`${entries.length} ${entries.length === 1 ? 'entry' : 'entries'}`, ...told, ...notRead].join(
        ', ',
      ),
      details: { entries: entries.length, outcomes, unread },
    };
  });
}

function summariseOutcomes(
  decisions: readonly Decision[],
): Partial<Record<Outcome, { count: number; first: string[] }>> {
  const counts = Object.entries(countOutcomes(decisions)).filter(([, count]) => count > 0);
  return Object.fromEntries(
    counts.map(([outcome, count]) => {
      const those = decisions.filter((decision) => decision.outcome === outcome);
      return [outcome, { count, first: those.slice(0, SHOWN_NAMES).map(({ path }) => path) }];
    }),
  );
}

/**
 * Tries with a file of ours, of 0 bytes, whether files may be renamed and removed there: renamed to where the folder's
 * rule moves files, if it moves any. What the server refuses is a warning: a folder whose files stay needs neither.
 * @param example decides about the folder of the archive, where its name depends on the file
 * @throws StageFailure
 */
export async function proveAfterInStage(
  { names }: ProbeSession,
  { path, settings }: CheckedFolder,
  log: StageLog,
  { newId, nowMs, example }: { newId: () => string; nowMs: number; example: ExampleFile | undefined },
  signal: AbortSignal,
): Promise<void> {
  await log.measure('after-proof', async () => {
    const made = absolute(path, `.sftp-to-s3-check-${newId()}`);
    const ours = example ?? { path: basename(made), modifiedAtSeconds: Math.floor(nowMs / 1000) };
    const place = archivePathOf({ ...ours, generation: 1 }, { settings, rootPath: path, startedMs: nowMs });
    const moved = place === undefined ? `${made}.moved` : absolute(dirname(place), basename(made));
    const cleanUp = (error: unknown) => removeOurs(names, [made, moved], error);
    const creation = await names.makeEmptyFile(made, signal).catch(cleanUp);
    if (!creation.done) {
      const summary = `not tried: no file may be made there (${wordsOf(creation)})`;
      return { value: undefined, verdict: 'warning', summary, details: { made: false } };
    }
    const { renamed, removed, left } = await moveAndRemove(names, made, moved, signal).catch(cleanUp);
    const details = {
      made: true,
      renamed: renamed.done,
      renamed_to: moved,
      removed: removed.done,
      left: removed.done ? null : left,
    };
    const where = place === undefined ? '' : ` to ${dirname(moved)}`;
    const parts = [
      renamed.done ? `a file may be renamed${where}` : `no file may be renamed${where} (${wordsOf(renamed)})`,
      removed.done
        ? 'a file may be removed'
        : `none removed (${wordsOf(removed)}): ${left} is left, of 0 bytes`,
    ];
    const verdict = renamed.done && removed.done ? 'ok' : 'warning';
    return { value: undefined, verdict, summary: parts.join('; '), details };
  });
}

/** How long our file is still looked for after Ctrl-C, or when the time is over. */
const CLEANING_MS = 3_000;

async function moveAndRemove(names: ProbeSession['names'], made: string, moved: string, signal: AbortSignal) {
  const renamed = await names.rename(made, moved, signal);
  const left = renamed.done ? moved : made;
  return { renamed, removed: await names.remove(left, signal), left };
}

/** The server may have done what its answer was not waited for. */
async function removeOurs(
  names: ProbeSession['names'],
  paths: readonly string[],
  error: unknown,
): Promise<never> {
  const inTime = AbortSignal.timeout(CLEANING_MS);
  for (const path of paths) await names.remove(path, inTime).catch(() => {});
  throw error;
}

const wordsOf = (change: Awaited<ReturnType<ProbeSession['names']['rename']>>): string =>
  change.done ? '' : change.message;
