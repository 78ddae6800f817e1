/**
 * Checks an EventBridge Scheduler expression: `cron(minutes hours day-of-month month day-of-week year)`.
 * Grammar: https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html#cron-based
 */

interface FieldRule {
  name: string;
  low: number;
  high: number;
  /** Words that stand for numbers, the first for `low`. */
  words?: readonly string[];
  /** Forms beyond numbers, ranges, steps and lists. */
  special?: RegExp;
}

const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
const WEEK_DAYS = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];

const FIELDS: readonly FieldRule[] = [
  { name: 'minutes', low: 0, high: 59 },
  { name: 'hours', low: 0, high: 23 },
  { name: 'day-of-month', low: 1, high: 31, special: /^(\?|L|LW|([1-9]|[12]\d|3[01])W)$/ },
  { name: 'month', low: 1, high: 12, words: MONTHS },
  { name: 'day-of-week', low: 1, high: 7, words: WEEK_DAYS, special: /^(\?|L|[1-7]L|[1-7]#[1-5])$/ },
  { name: 'year', low: 1970, high: 2199 },
];

/** What is wrong with `expression`, as the end of a sentence ("it must ..."); undefined when nothing is. */
export function cronMistake(expression: string): string | undefined {
  const body = /^cron\((.*)\)$/.exec(expression)?.[1];
  const parts = body?.split(' ') ?? [];
  if (parts.length !== FIELDS.length) {
    return `it must be cron(${FIELDS.map((field) => field.name).join(' ')}), ${FIELDS.length} fields apart by one space`;
  }
  for (const [index, field] of FIELDS.entries()) {
    const part = parts[index] ?? '';
    if (!isField(part, field)) {
      const words = field.words ? ` or ${field.words[0]} to ${field.words.at(-1)}` : '';
      return `its ${field.name} must be * or ${field.low} to ${field.high}${words} with , - /, not ${part}`;
    }
  }
  const [, , dayOfMonth, , dayOfWeek] = parts;
  if ((dayOfMonth === '?') === (dayOfWeek === '?')) {
    return 'it must have ? as day-of-month or as day-of-week, but not as both';
  }
  return undefined;
}

/** One field of a sound expression: its text, and the values that it lists, ascending; none for its special forms. */
export interface CronField {
  text: string;
  values: readonly number[];
}

/** @param expression one in which `cronMistake` finds nothing */
export function cronFields(
  expression: string,
): [CronField, CronField, CronField, CronField, CronField, CronField] {
  const parts = expression.slice('cron('.length, -1).split(' ');
  return FIELDS.map((field, index) => {
    const part = parts[index] ?? '';
    return { text: part, values: field.special?.test(part) ? [] : valuesOf(part, field) };
  }) as unknown as ReturnType<typeof cronFields>;
}

function valuesOf(text: string, field: FieldRule): number[] {
  const values = text.split(',').flatMap((item) => {
    const [range = '', step] = item.split('/');
    const [low = field.low, high] =
      range === '*' ? [] : range.split('-').map((bound) => numberOf(bound, field));
    const last = high ?? (range === '*' || step !== undefined ? field.high : low);
    const by = Number(step ?? 1);
    return Array.from({ length: Math.floor((last - low) / by) + 1 }, (_, index) => low + index * by);
  });
  return [...new Set(values)].sort((one, other) => one - other);
}

function isField(text: string, field: FieldRule): boolean {
  if (field.special?.test(text)) return true;
  return text.split(',').every((item) => isItem(item, field));
}

/** `*`, `5`, `5-9`, and each of them followed by `/step`. */
function isItem(item: string, field: FieldRule): boolean {
  const [range, step, ...rest] = item.split('/');
  if (range === undefined || rest.length > 0) return false;
  if (step !== undefined && !/^[1-9]\d{0,3}$/.test(step)) return false;
  if (range === '*') return true;
  const [low, high, ...more] = range.split('-').map((bound) => numberOf(bound, field));
  if (low === undefined || more.length > 0) return false;
  if (!range.includes('-')) return true;
  return high !== undefined && low <= high;
}

function numberOf(text: string, { low, high, words }: FieldRule): number | undefined {
  const word = words?.indexOf(text) ?? -1;
  if (word >= 0) return low + word;
  if (!/^\d{1,4}$/.test(text)) return undefined;
  const value = Number(text);
  return value >= low && value <= high ? value : undefined;
}
