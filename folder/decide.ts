import { type FileIdentity, isSameFile, type LedgerEntry, stateOf } from '../ledger/entry.ts';
import type { ListedEntry } from '../transfer/source/listed-entry.ts';
import type { Decision, PlannedCopy } from './decision.ts';
import { identityOf } from './identity.ts';
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
  ledger: (path: string) => LedgerEntry | undefined;
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

interface Candidate extends FileIdentity {
  path: string;
  key: string;
  groups: readonly string[];
}

/**
 * One decision for each entry, in the order of the listing. Nothing is compared with a date or with the newest file
 * seen: a file is new if the ledger does not have this delivery.
 */
export function decideFolder(rules: FolderRules, known: FolderKnowledge): Decision[] {
  const byName = nameJudge(rules);
  const filesByPath = new Map(known.entries.map((entry) => [entry.path, entry]));
  const decisions = new Map<ListedEntry, Decision>();
  const candidates = new Map<ListedEntry, Candidate>();

  for (const entry of known.entries) {
    const judged = judgeAlone(entry, byName, rules, known);
    if ('outcome' in judged) decisions.set(entry, judged);
    else candidates.set(entry, judged);
  }

  const collisions = findKeyCollisions([...candidates.values()]);
  const latest = rules.select === 'latest' ? lastInTime([...candidates.values()]) : undefined;
  const copies: PlannedCopy[] = [];
  for (const [entry, candidate] of candidates) {
    const others = collisions.get(candidate.path);
    const decision = judgeAmongOthers(candidate, { others, latest, filesByPath }, rules, known);
    decisions.set(entry, decision);
    if (decision.copy !== undefined) copies.push(decision.copy);
  }

  const beyondLimit = new Set(
    copies
      .sort(compareFiles(rules.order))
      .slice(rules.limit ?? copies.length)
      .map(({ path }) => path),
  );
  return known.entries.map((entry) => {
    const decision = decisions.get(entry) as Decision;
    if (decision.copy === undefined || !beyondLimit.has(decision.path)) return decision;
    const { copy, ...rest } = decision;
    return { ...rest, outcome: 'excluded', reason: 'limit' };
  });
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
): Decision | Candidate {
  const shown = describe(entry);
  if (entry.nameProblem !== undefined) return { ...shown, outcome: 'bad-name', reason: entry.nameProblem };
  if (entry.kind === 'folder') return { ...shown, outcome: 'not-a-file', reason: 'folder' };
  if (entry.kind === 'other') return { ...shown, outcome: 'not-a-file', reason: 'pipe, socket or device' };
  const verdict = byName(entry.path);
  if (!verdict.wanted && verdict.because === 'temporary-name') {
    return { ...shown, outcome: 'ignored-temporary' };
  }
  if (!verdict.wanted) return { ...shown, outcome: 'excluded', reason: verdict.because };
  if (rules.only?.has(entry.path) === false) return { ...shown, outcome: 'excluded', reason: 'only' };
  if (entry.kind === 'link') return { ...shown, outcome: 'link' };
  const identity = identityOf(entry);
  if (identity === undefined) return { ...shown, outcome: 'no-attributes' };

  const filled = fillTemplate(rules.target.template, {
    path: entry.path,
    modifiedAtSeconds: identity.modifiedAtSeconds,
    generation: nextGeneration(known.ledger(entry.path), identity),
    groups: verdict.groups,
    run: known.run,
    timeZone: rules.timeZone,
  });
  const made = checkedKey(rules.target.prefix, filled);
  if ('mistake' in made) return { ...shown, outcome: 'bad-name', reason: `no object key: ${made.mistake}` };
  return { path: entry.path, ...identity, key: made.key, groups: verdict.groups };
}

function judgeAmongOthers(
  file: Candidate,
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
    if (stateOf(row) === 'HELD') return { ...shown, outcome: 'held', reason: row.hold?.reason ?? '' };
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
  const { path, sizeBytes, modifiedAtSeconds, key, groups } = file;
  const released = trigger?.found === undefined ? {} : { trigger: { path: trigger.path, ...trigger.found } };
  return {
    ...shown,
    outcome: 'copy',
    copy: { path, sizeBytes, modifiedAtSeconds, key, groups, ...released },
  };
}

function isInitiallyUnwanted(file: Candidate, { initial }: FolderRules, known: FolderKnowledge): boolean {
  if (initial === 'all') return false;
  const atFirst = known.baseline(file.path);
  if (atFirst === undefined || !isSameFile(atFirst, file)) return false;
  return initial === 'none' || file.modifiedAtSeconds <= initial.newerThanSeconds;
}

function lastInTime(files: readonly Candidate[]): string | undefined {
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
}: ListedEntry | Candidate): Pick<Decision, 'path' | 'sizeBytes' | 'modifiedAtSeconds'> {
  return {
    path,
    ...(sizeBytes !== undefined && { sizeBytes }),
    ...(modifiedAtSeconds !== undefined && { modifiedAtSeconds }),
  };
}
