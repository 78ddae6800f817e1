import { type FileIdentity, isSameFile } from '../ledger/entry.ts';
import type { ListedEntry } from '../transfer/source/listed-entry.ts';
import type { Decision, PlannedCopy } from './decision.ts';
import { identityOf } from './identity.ts';
import type { KnownRow } from './known-row.ts';
import { nextGeneration } from './next-generation.ts';
import { compareFiles, type OrderKey } from './order.ts';
import type { Manifest } from './ready/manifest.ts';
import type { Observation } from './ready/observation.ts';
import { judgeReadiness, type ReadinessRules } from './ready/readiness.ts';
import { compileTriggerNames, type TriggerRule } from './ready/trigger.ts';
import { triggerStateOf } from './ready/trigger-state.ts';
import { compileNameRules, type NameRules, type NameVerdict } from './select-files.ts';
import type { CalendarTime } from './target/date-format.ts';
import { findKeyCollisions } from './target/key-collisions.ts';
import { checkedKey } from './target/target-key.ts';
import { fillTemplate, type Template } from './target/target-template.ts';

/** What a folder's configuration says about its entries. */
export interface FolderRules {
  names: NameRules;
  ready: ReadinessRules;
  trigger?: TriggerRule;
  order: readonly OrderKey[];
  /** `latest`: only the last one in the order of time. */
  select: 'all' | 'latest';
  /** Most copies of one run, the first in order. @default all */
  limit?: number;
  /** Which of the files that the first complete listing showed are wanted. */
  initial: 'all' | 'none' | { newerThanSeconds: number };
  target: { prefix: string; template: Template };
  /** For `{mtime:…}`. */
  timeZone: string;
  maxFailures: number;
  /** Nothing but these paths. @default all */
  only?: ReadonlySet<string>;
  /** What has landed, or failed too often, is copied all the same. @default false */
  force?: boolean;
}

/** What is known when a run decides. */
export interface FolderKnowledge {
  entries: readonly ListedEntry[];
  ledger: (path: string) => KnownRow | undefined;
  observations: (path: string) => Observation | undefined;
  /** Identities that the folder's first complete listing showed; see `FolderRules.initial`. */
  baseline: (path: string) => FileIdentity | undefined;
  /** What the manifests say, by their paths; a manifest that could not be read has a message. */
  manifests: ReadonlyMap<string, Manifest | { problem: string }>;
  /** A trigger of this identity has released a delivery before. */
  isSpentTrigger: (path: string, trigger: FileIdentity) => boolean;
  run: CalendarTime;
  nowMs: number;
}

/**
 * One decision for each entry, in the order of the listing. Nothing is compared with a date or with the newest file
 * seen: a file is new if the ledger does not have this delivery.
 */
export function decideFolder(rules: FolderRules, known: FolderKnowledge): Decision[] {
  const byName = nameJudge(rules);
  // Only a trigger is looked for by its path.
  const filesByPath = new Map(
    rules.trigger === undefined
      ? []
      : known.entries.flatMap((entry) => (entry.nameProblem === undefined ? [[entry.path, entry]] : [])),
  );
  const judged = known.entries.map((entry) => judgeAlone(entry, byName, rules, known));
  const candidates = judged.filter((one): one is PlannedCopy => !isDecided(one));

  const collisions = findKeyCollisions(candidates);
  const latest = rules.select === 'latest' ? lastInTime(candidates) : undefined;
  const decisions = judged.map((one) => {
    if (isDecided(one)) return one;
    const others = collisions.get(one.path);
    return judgeAmongOthers(one, { others, latest, filesByPath }, rules, known);
  });
  if (rules.limit === undefined) return decisions;

  const copies = copiesInOrder(decisions, rules.order);
  const beyondLimit = new Set(copies.slice(rules.limit).map(({ path }) => path));
  return decisions.map((decision) => {
    if (decision.copy === undefined || !beyondLimit.has(decision.path)) return decision;
    const { copy, ...rest } = decision;
    return { ...rest, outcome: 'excluded', reason: 'limit' };
  });
}

function isDecided(judged: Decision | PlannedCopy): judged is Decision {
  return 'outcome' in judged;
}

/** The copies among decisions, in the order that the rules ask for. */
export function copiesInOrder(decisions: readonly Decision[], order: readonly OrderKey[]): PlannedCopy[] {
  return decisions.flatMap(({ copy }) => (copy === undefined ? [] : [copy])).sort(compareFiles(order));
}

function nameJudge(
  rules: FolderRules,
): (path: string) => NameVerdict | { wanted: false; because: 'trigger' } {
  const judge = compileNameRules(rules.names);
  const isTrigger = rules.trigger === undefined ? () => false : compileTriggerNames(rules.trigger);
  return (path) => (isTrigger(path) ? { wanted: false, because: 'trigger' } : judge(path));
}

/** What the entry itself, and the ledger's word on keys aside, decides. */
function judgeAlone(
  entry: ListedEntry,
  byName: (path: string) => NameVerdict | { wanted: false; because: 'trigger' },
  rules: FolderRules,
  known: FolderKnowledge,
): Decision | PlannedCopy {
  if (entry.nameProblem !== undefined)
    return { ...describe(entry), outcome: 'bad-name', reason: entry.nameProblem };
  if (entry.kind === 'folder') return { ...describe(entry), outcome: 'not-a-file', reason: 'folder' };
  if (entry.kind === 'other')
    return { ...describe(entry), outcome: 'not-a-file', reason: 'pipe, socket or device' };
  const verdict = byName(entry.path);
  if (!verdict.wanted && verdict.because === 'temporary-name') {
    return { ...describe(entry), outcome: 'ignored-temporary' };
  }
  if (!verdict.wanted) return { ...describe(entry), outcome: 'excluded', reason: verdict.because };
  if (rules.only?.has(entry.path) === false)
    return { ...describe(entry), outcome: 'excluded', reason: 'only' };
  if (entry.kind === 'link') return { ...describe(entry), outcome: 'link' };
  const identity = identityOf(entry);
  if (identity === undefined) return { ...describe(entry), outcome: 'no-attributes' };

  const filled = fillTemplate(rules.target.template, {
    path: entry.path,
    modifiedAtSeconds: identity.modifiedAtSeconds,
    generation: nextGeneration(known.ledger(entry.path), identity),
    groups: verdict.groups,
    run: known.run,
    timeZone: rules.timeZone,
  });
  const made = checkedKey(rules.target.prefix, filled);
  if ('mistake' in made)
    return { ...describe(entry), outcome: 'bad-name', reason: `no object key: ${made.mistake}` };
  return { path: entry.path, ...identity, key: made.key, groups: verdict.groups };
}

function judgeAmongOthers(
  file: PlannedCopy,
  among: {
    others: readonly string[] | undefined;
    latest: string | undefined;
    filesByPath: ReadonlyMap<string, ListedEntry>;
  },
  rules: FolderRules,
  known: FolderKnowledge,
): Decision {
  const shown = describe(file);
  const row = known.ledger(file.path);
  if (row !== undefined) {
    if (row.hold !== undefined) return { ...shown, outcome: 'held', reason: row.hold.reason };
    const hasLanded = row.attempt === undefined && row.landed !== undefined && isSameFile(row.landed, file);
    if (hasLanded && rules.force !== true) {
      return { ...shown, outcome: 'landed' };
    }
  }
  if (among.others !== undefined) {
    return { ...shown, outcome: 'key-collision', reason: `with ${othersThan(file.path, among.others)}` };
  }
  if (among.latest !== undefined && among.latest !== file.path) {
    return { ...shown, outcome: 'excluded', reason: 'latest' };
  }
  if (row === undefined && isInitiallyUnwanted(file, rules, known)) {
    return { ...shown, outcome: 'excluded', reason: 'initial' };
  }
  const attempt = row?.attempt;
  if (attempt?.claim !== undefined && attempt.claim.untilMs > known.nowMs) {
    return { ...shown, outcome: 'owned-by-other' };
  }
  const hasFailedTooOften =
    attempt !== undefined && isSameFile(attempt, file) && attempt.failures >= rules.maxFailures;
  if (hasFailedTooOften && rules.force !== true) {
    return { ...shown, outcome: 'failed-too-often', reason: attempt.error?.name ?? '' };
  }

  const trigger = triggerStateOf(file.path, rules.trigger, among.filesByPath, known);
  const observation = known.observations(file.path) ?? {
    ...file,
    sinceMs: known.nowMs,
    lastSeenMs: known.nowMs,
    firstSeenMs: known.nowMs,
    changes: 0,
  };
  const readiness = judgeReadiness(observation, rules.ready, trigger, known.nowMs);
  if (!readiness.ready) {
    const { reason, overdue, readyAtMs } = readiness;
    return {
      ...shown,
      outcome: 'not-ready',
      reason,
      overdue,
      ...(readyAtMs !== undefined && { readyAtMs }),
    };
  }
  const released = trigger?.found && { path: trigger.path, ...trigger.found };
  return { ...shown, outcome: 'copy', copy: released === undefined ? file : { ...file, trigger: released } };
}

function isInitiallyUnwanted(file: PlannedCopy, { initial }: FolderRules, known: FolderKnowledge): boolean {
  if (initial === 'all') return false;
  const atFirst = known.baseline(file.path);
  if (atFirst === undefined || !isSameFile(atFirst, file)) return false;
  return initial === 'none' || file.modifiedAtSeconds <= initial.newerThanSeconds;
}

function lastInTime(files: readonly PlannedCopy[]): string | undefined {
  return [...files].sort(compareFiles(['mtime', 'name'])).at(-1)?.path;
}

function othersThan(path: string, paths: readonly string[]): string {
  return paths
    .filter((other) => other !== path)
    .map((other) => JSON.stringify(other))
    .join(', ');
}

function describe({
  path,
  sizeBytes,
  modifiedAtSeconds,
}: ListedEntry | PlannedCopy): Pick<Decision, 'path' | 'sizeBytes' | 'modifiedAtSeconds'> {
  return {
    path,
    ...(sizeBytes !== undefined && { sizeBytes }),
    ...(modifiedAtSeconds !== undefined && { modifiedAtSeconds }),
  };
}
