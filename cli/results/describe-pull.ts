import type { Decision } from '../../folder/decision.ts';
import type { PullResult } from '../../local/pull/folder-pull.ts';
import { counted } from '../../transfer/text/counted.ts';
import { wrap } from '../../transfer/text/wrap.ts';
import { EXIT_CODES } from '../exit-codes.ts';
import { formatSize } from '../format/sizes.ts';

/** The last line of `pull --json`. */
export interface PullSummary {
  status: 'SUCCEEDED' | 'FAILED';
  listed: number;
  copied: number;
  already_landed: number;
  not_ready: number;
  ignored: number;
  failed: number;
  bytes: number;
  seconds: number;
  logins: number;
}

/** Entries that no later run will take by itself: a person has to look. */
const FAILED_OUTCOMES: ReadonlySet<string> = new Set([
  'bad-name',
  'no-attributes',
  'key-collision',
  'failed-too-often',
]);

/** Every entry counts once: by what came of its copy, else by the decision about it. */
export function summarisePull({ decisions, outcomes, unread, seconds, logins }: PullResult): PullSummary {
  const count = (isCounted: (decision: Decision) => boolean): number => decisions.filter(isCounted).length;
  const landed = outcomes.flatMap((outcome) => (outcome.status === 'landed' ? [outcome] : []));
  const byOther = outcomes.filter(({ status }) => status === 'not-ready' || status === 'not-claimed').length;
  const failedCopies = outcomes.filter(({ status }) => status === 'failed').length;
  const alreadyLanded = count(({ outcome }) => outcome === 'landed');
  const notReady = count(({ outcome }) => outcome === 'not-ready' || outcome === 'owned-by-other') + byOther;
  const failed = count(({ outcome }) => FAILED_OUTCOMES.has(outcome)) + failedCopies;
  const wanted = count(({ outcome }) => outcome === 'copy') - outcomes.length;
  return {
    status: failed === 0 && unread.length === 0 ? 'SUCCEEDED' : 'FAILED',
    listed: decisions.length,
    copied: landed.length,
    already_landed: alreadyLanded,
    not_ready: notReady,
    ignored: decisions.length - landed.length - alreadyLanded - notReady - failed - wanted,
    failed,
    bytes: landed.reduce((sum, { sizeBytes, isRecovered }) => sum + (isRecovered ? 0 : sizeBytes), 0),
    seconds: Math.round(seconds * 10) / 10,
    logins,
  };
}

export function pullExitCode({ status }: PullSummary): number {
  return status === 'SUCCEEDED' ? EXIT_CODES.ok : EXIT_CODES.failed;
}

/** One line for each entry: its outcome, and its name as JSON, so that no name can look like a line of its own. */
export function* describeDecisions(decisions: readonly Decision[]): Generator<string> {
  for (const { outcome, reason, path, copy } of decisions) {
    const why = reason === undefined ? outcome : `${outcome} (${reason})`;
    const target = copy === undefined ? '' : ` -> ${JSON.stringify(copy.key)}`;
    yield `${why.padEnd(28)} ${JSON.stringify(path)}${target}`;
  }
}

/**
 * What went wrong, one line each, and the sum.
 * @param columns of the terminal
 */
export function describePull(result: PullResult, columns: number): string {
  const summary = summarisePull(result);
  const failures = result.outcomes.flatMap((outcome) =>
    outcome.status === 'failed'
      ? [`FAILED ${JSON.stringify(outcome.path)}: ${outcome.error.name}: ${outcome.error.message}`]
      : [],
  );
  const refused = result.decisions
    .filter(({ outcome }) => FAILED_OUTCOMES.has(outcome))
    .map(({ path, outcome, reason }) => `FAILED ${JSON.stringify(path)}: ${outcome} (${reason ?? ''})`);
  const unread = result.unread.map(({ path, message }) => `NOT READ ${JSON.stringify(path)}: ${message}`);
  const left = result.settled.flatMap(({ path, settled }) =>
    settled.done ? [] : [`STAYS ${JSON.stringify(path)}: ${settled.error.message}`],
  );
  const { copied, already_landed, not_ready, ignored, failed, bytes, seconds, logins } = summary;
  const lines = [
    ...failures,
    ...refused,
    ...unread,
    ...left,
    `${copied} copied (${formatSize(bytes)}), ${already_landed} landed before, ${not_ready} not ready, ` +
      `${ignored} ignored, ${failed} failed; ${seconds} s, ${counted(logins, 'login')}`,
  ];
  return lines.map((line) => wrap(line, columns)).join('\n');
}
