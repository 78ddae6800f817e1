import type { SettingMistake } from '../folder/refuse-settings.ts';
import { compileNameRules, depthOf } from '../folder/select-files.ts';
import type { FolderSettings } from '../folder/settings.ts';
import { addDaysTo, type BusinessDate, isExpectedOn } from './business-date.ts';
import { fillDates } from './date-tokens.ts';
import type { Expectation } from './settings.ts';
import { minutesBefore } from './window.ts';

/** What one expectation's settings demand of each other, and of the partner's folders. */
export function refuseExpectation(
  expectation: Expectation,
  folders: readonly (FolderSettings & { name: string })[],
): SettingMistake[] {
  return [...refuseFiles(expectation, folders), ...refuseTimes(expectation), ...refuseDates(expectation)];
}

function refuseFiles(
  { path, folder, match }: Expectation,
  folders: readonly (FolderSettings & { name: string })[],
): SettingMistake[] {
  if ((path === undefined) === (folder === undefined)) {
    const bound = 'an expectation has either a path, of a file that a transfer copies, or a folder';
    return [{ path: 'path', value: path, bound }];
  }
  if (path !== undefined) {
    if (match === undefined) return [];
    return [{ path: 'match', value: match, bound: 'only files of a folder are found by a pattern' }];
  }
  const settings = folders.find(({ name }) => name === folder);
  if (settings === undefined) {
    const known = folders.map(({ name }) => name).join(', ') || 'none';
    const bound = `it must be one of the partner's folders: ${known}`;
    return [{ path: 'folder', value: folder, bound }];
  }
  const mistake = match && neverMatches(match, settings);
  return mistake ? [{ path: 'match', value: match, bound: mistake }] : [];
}

/** What a glob gives a meaning to. */
const MAGIC = /[*?[\]{}()!+@|\\]/;
/** Two days, so that a format of days alone is not mistaken for a name. */
const SAMPLE_DATES: readonly BusinessDate[] = ['2027-03-28', '2027-11-09'];

/** Only what is certain: that a name could match both is left to the folder. */
function neverMatches(match: string, settings: FolderSettings): string | undefined {
  if (match.startsWith('re:')) return undefined;
  const patterns = SAMPLE_DATES.map((date) => fillDates(match, date));
  for (const pattern of patterns) {
    if (pattern.startsWith('/') || pattern.split('/').includes('..')) {
      return 'it can never match: names are relative to the folder';
    }
    if (!pattern.includes('**') && depthOf(pattern) > settings.maxDepth) {
      return `it can never match: the folder is read to a depth of ${settings.maxDepth} (maxDepth)`;
    }
    const verdict = compileNameRules({ ...settings, ignore: settings.ready.ignore });
    const isLiteral = !MAGIC.test(pattern);
    // The simplest name that a glob stands for, where asterisks are its only magic.
    const example = MAGIC.test(pattern.replaceAll('*', '')) ? undefined : pattern.replace(/\*+/g, 'x');
    const judged = example === undefined ? undefined : verdict(example);
    if (judged?.wanted === false && judged.because === 'temporary-name') {
      return `it can never match: the folder ignores such names as unfinished (ready.ignore)`;
    }
    if (isLiteral && judged?.wanted === false) {
      return "it can never match: the folder's include and exclude leave such a name out";
    }
    if (!isLiteral && !settings.include.some((include) => mayOverlap(pattern, include))) {
      return `it can never match: the folder includes only ${settings.include.join(', ')}`;
    }
  }
  return undefined;
}

/** Whether two globs agree in what is before their first and after their last wildcard, as far as both say it. */
function mayOverlap(one: string, other: string): boolean {
  if (
    other.startsWith('re:') ||
    MAGIC.test(one.replaceAll('*', '')) ||
    MAGIC.test(other.replaceAll('*', ''))
  ) {
    return true;
  }
  const head = (glob: string): string => glob.split('*')[0] ?? '';
  const tail = (glob: string): string => glob.split('*').at(-1) ?? '';
  // `**/` stands for nothing as well: its slash is not sure.
  const plainTail = (glob: string): string =>
    glob.includes('**/') ? tail(glob).replace(/^\//, '') : tail(glob);
  const [headA, headB, tailA, tailB] = [head(one), head(other), plainTail(one), plainTail(other)];
  return (
    (headA.startsWith(headB) || headB.startsWith(headA)) && (tailA.endsWith(tailB) || tailB.endsWith(tailA))
  );
}

function refuseTimes({ by, warnAt, from }: Expectation): SettingMistake[] {
  if (warnAt === undefined) return [];
  if (warnAt === by) return [{ path: 'warnAt', value: warnAt, bound: 'it must be earlier than by' }];
  if (minutesBefore(warnAt, by) < minutesBefore(from, by)) return [];
  const bound = `it must be later than from, ${from}: before, no file of that date is looked for`;
  return [{ path: 'warnAt', value: warnAt, bound }];
}

/** A year, in which every weekday and holiday has its turn. */
const YEAR_DAYS = 366;

function refuseDates(expectation: Expectation): SettingMistake[] {
  const { days, except, only } = expectation;
  if (only !== undefined) {
    return except.length === 0
      ? []
      : [
          {
            path: 'except',
            value: except,
            bound: 'only names every date, so that there is nothing to except',
          },
        ];
  }
  const dates = Array.from({ length: YEAR_DAYS }, (_, day) => addDaysTo('2027-01-01', day));
  return dates.some((date) => isExpectedOn(expectation, date))
    ? []
    : [{ path: 'except', value: except, bound: `it leaves no date of 2027 on ${days.join(', ')}` }];
}
