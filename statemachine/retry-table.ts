import type { RetryRule } from './retry-rules.ts';

/** A rule as the Amazon States Language has it. */
export interface Retrier {
  ErrorEquals: string[];
  IntervalSeconds: number;
  MaxAttempts: number;
  BackoffRate: number;
  MaxDelaySeconds: number;
  JitterStrategy: 'FULL';
}

/** Full jitter always: calls that failed together must not come back together. */
export function toRetrier(rule: RetryRule): Retrier {
  return {
    ErrorEquals: rule.errors.map(({ name }) => name),
    IntervalSeconds: rule.intervalSeconds,
    MaxAttempts: rule.maxAttempts,
    BackoffRate: rule.backoffRate,
    MaxDelaySeconds: rule.maxDelaySeconds,
    JitterStrategy: 'FULL',
  };
}

/** Between these the README's table is written. */
const START = '<!-- retry table: npm run retry-rules -->';
const END = '<!-- end of the retry table -->';

/** The rules in Markdown: for each one the states and how often, and a table with one row an error. */
export function retryTable(rules: readonly RetryRule[]): string {
  const sources = new Map<string, string>();
  const sections = rules.map((rule) => {
    const rows = rule.errors.map(({ name, emittedBy, meaning, source }) => {
      sources.set(labelOf(source), source);
      return row([`\`${name}\``, emittedBy, meaning, linkTo(source)]);
    });
    const introduction = `**Because ${rule.because}:** ${howOften(rule)}, in ${rule.states.join(', ')}.`;
    return [
      introduction,
      '',
      row(['error', 'emitted by', 'meaning', 'named in']),
      row(['--', '--', '--', '--']),
      ...rows,
    ].join('\n');
  });
  const links = [...sources]
    .filter(([, source]) => isPage(source))
    .map(([label, source]) => `[${label}]: ${source}`);
  return [...sections, links.join('\n')].join('\n\n');
}

/** `readme` with the table between its two marks replaced. @throws Error when it has not both marks */
export function withRetryTable(readme: string, table: string): string {
  const [before, rest] = readme.split(START);
  const after = rest?.split(END)[1];
  if (before === undefined || after === undefined)
    throw new Error(`the README needs "${START}" and "${END}"`);
  return `${before}${START}\n\n${table}\n\n${END}${after}`;
}

function howOften({ maxAttempts, intervalSeconds, backoffRate, maxDelaySeconds }: RetryRule): string {
  if (maxAttempts === 1) return `once, within ${intervalSeconds} s`;
  return `${maxAttempts} times, within ${intervalSeconds} s, times ${backoffRate} each time, up to ${maxDelaySeconds} s`;
}

function isPage(source: string): boolean {
  return source.startsWith('https://');
}

function linkTo(source: string): string {
  return isPage(source) ? `[${labelOf(source)}]` : `\`${source}\``;
}

/** The last parts of a page's address, which name it well enough. */
function labelOf(source: string): string {
  if (!isPage(source)) return source;
  const { hostname, pathname } = new URL(source);
  return hostname === 'github.com'
    ? pathname.slice(1)
    : (pathname.split('/').at(-1) ?? '').replace('.html', '');
}

function row(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}
