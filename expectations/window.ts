import { addDaysTo, type BusinessDate, dateAt, isExpectedOn, momentOf } from './business-date.ts';
import { isDated } from './date-tokens.ts';
import type { Expectation } from './settings.ts';

/** One expectation on one date. All times in milliseconds since 1970-01-01 UTC. */
export interface ExpectedDate {
  date: BusinessDate;
  /** Whether the files' names say the date. If not, only what lands from `fromMs` on counts. */
  isDated: boolean;
  fromMs: number;
  /** Absent where nobody is warned. */
  warnMs?: number;
  dueMs: number;
  /** An earlier listing says nothing about the file. */
  lookSinceMs: number;
  /** Later than this nothing is expected of this date any more: what is missing stays missed. */
  untilMs: number;
}

const MINUTE_MS = 60_000;
const MINUTES_PER_DAY = 1_440;
const DAY_MS = 86_400_000;
/** So long a missed file may still come, and close its own page. */
const LATE_DAYS = 7;
/** Also where the next date opens at this one's very time: else nobody would be told. */
const SHORTEST_LATE_MS = 60 * MINUTE_MS;

/** @param date one on which it is expected */
export function expectedDate(expectation: Expectation, date: BusinessDate): ExpectedDate {
  const { by, warnAt, from, timeZone, lookWithinMinutes } = expectation;
  const dueMs = momentOf(date, minuteOf(by), timeZone);
  const dated = isDated(expectation.path ?? expectation.match ?? '');
  const lateMs = dueMs + LATE_DAYS * DAY_MS;
  return {
    date,
    isDated: dated,
    fromMs: before(from),
    ...(warnAt !== undefined && { warnMs: before(warnAt) }),
    dueMs,
    lookSinceMs: dueMs - lookWithinMinutes * MINUTE_MS,
    untilMs: dated ? lateMs : Math.max(Math.min(lateMs, nextOpeningMs()), dueMs + SHORTEST_LATE_MS),
  };

  function before(time: string, day = date): number {
    const isOfTheDayBefore = minutesBefore(time, by) > minuteOf(by);
    return momentOf(isOfTheDayBefore ? addDaysTo(day, -1) : day, minuteOf(time), timeZone);
  }

  /** From then on an undated file is the next date's. */
  function nextOpeningMs(): number {
    const next = nearestDate(expectation, date, 1, LATE_DAYS + 1);
    return next === undefined ? Number.POSITIVE_INFINITY : before(from, next);
  }
}

/** Those that are to be looked at now: their warning or their time has come, and what is missing may still come. */
export function datesToJudge(expectation: Expectation, nowMs: number): ExpectedDate[] {
  const today = dateAt(nowMs, expectation.timeZone);
  const found: ExpectedDate[] = [];
  for (let days = -LATE_DAYS - 1; days <= 1; days += 1) {
    const date = addDaysTo(today, days);
    if (!isExpectedOn(expectation, date)) continue;
    const expected = expectedDate(expectation, date);
    if (nowMs >= (expected.warnMs ?? expected.dueMs) && nowMs < expected.untilMs) found.push(expected);
  }
  return found;
}

/** The expected dates before this one, the latest first. */
export function datesBefore(expectation: Expectation, date: BusinessDate, count: number): BusinessDate[] {
  const found: BusinessDate[] = [];
  for (let last = date; found.length < count; ) {
    const earlier = nearestDate(expectation, last, -1, MAX_DAYS_BACK);
    if (earlier === undefined) break;
    found.push(earlier);
    last = earlier;
  }
  return found;
}

/** A monthly file's last date is in it. */
const MAX_DAYS_BACK = 35;

function nearestDate(
  expectation: Expectation,
  date: BusinessDate,
  step: 1 | -1,
  maxDays: number,
): BusinessDate | undefined {
  for (let days = 1; days <= maxDays; days += 1) {
    const candidate = addDaysTo(date, days * step);
    if (isExpectedOn(expectation, candidate)) return candidate;
  }
  return undefined;
}

export function minuteOf(time: string): number {
  const [hour = 0, minute = 0] = time.split(':').map(Number);
  return hour * 60 + minute;
}

/** How long before `by` a time of day is last shown: at most a day. */
export function minutesBefore(time: string, by: string): number {
  return ((minuteOf(by) - minuteOf(time) + MINUTES_PER_DAY - 1) % MINUTES_PER_DAY) + 1;
}
