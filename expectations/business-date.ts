import { type CalendarTime, calendarTime } from '../folder/target/date-format.ts';

export const WEEK_DAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const;

/** A day as 2027-03-28, without a time zone. */
export type BusinessDate = string;

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;

export function addDaysTo(date: BusinessDate, days: number): BusinessDate {
  return new Date(Date.parse(`${date}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10);
}

export function calendarOf(date: BusinessDate): CalendarTime {
  const [year = 0, month = 0, day = 0] = date.split('-').map(Number);
  return { year, month, day, hour: 0, minute: 0, second: 0 };
}

/** The date that a calendar on the wall shows at that moment. */
export function dateAt(epochMs: number, timeZone: string): BusinessDate {
  const { year, month, day } = calendarTime(epochMs, timeZone);
  return new Date(Date.UTC(year, month - 1, day)).toISOString().slice(0, 10);
}

export interface ExpectedDays {
  days: readonly (typeof WEEK_DAYS)[number][];
  except: readonly BusinessDate[];
  /** In place of the other two. */
  only?: readonly BusinessDate[] | undefined;
}

export function isExpectedOn({ days, except, only }: ExpectedDays, date: BusinessDate): boolean {
  if (only !== undefined) return only.includes(date);
  const weekDay = WEEK_DAYS[new Date(`${date}T00:00:00Z`).getUTCDay()];
  return weekDay !== undefined && days.includes(weekDay) && !except.includes(date);
}

/**
 * The moment at which a clock on the wall shows that time: the first, where it is shown twice because clocks are put
 * back. A time that is left out when they are put forward is the moment as far after the gap's start: 02:30 is 03:30.
 */
export function momentOf(date: BusinessDate, minuteOfDay: number, timeZone: string): number {
  const wallMs = Date.parse(`${date}T00:00:00Z`) + minuteOfDay * MINUTE_MS;
  // No zone changes its offset twice within two days.
  const before = wallMs - offsetMs(wallMs - DAY_MS, timeZone);
  const after = wallMs - offsetMs(wallMs + DAY_MS, timeZone);
  const shown = [before, after].filter((moment) => moment + offsetMs(moment, timeZone) === wallMs);
  return shown.length === 0 ? before : Math.min(...shown);
}

function offsetMs(epochMs: number, timeZone: string): number {
  const { year, month, day, hour, minute, second } = calendarTime(epochMs, timeZone);
  return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(epochMs / 1000) * 1000;
}
