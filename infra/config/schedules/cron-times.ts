import { cronFields } from './cron.ts';

/**
 * When a sound EventBridge Scheduler expression fires, by the clock of its own time zone. Days are counted in UTC
 * arithmetic, which has no daylight saving.
 */
export interface CronTimes {
  /** Minutes after midnight, ascending. */
  minutesOfDay: readonly number[];
  /** Whether it fires on that day. @param day any moment of it in UTC */
  firesOn(day: Date): boolean;
}

const MINUTES_PER_HOUR = 60;
const DAYS_PER_WEEK = 7;
const DAY_MS = 86_400_000;
const SATURDAY = 6;

/** @param expression one in which `cronMistake` finds nothing */
export function cronTimes(expression: string): CronTimes {
  const [minutes, hours, dayOfMonth, month, dayOfWeek, year] = cronFields(expression);
  const minutesOfDay = hours.values.flatMap((hour) =>
    minutes.values.map((minute) => hour * MINUTES_PER_HOUR + minute),
  );
  return {
    minutesOfDay,
    firesOn: (day) =>
      month.values.includes(day.getUTCMonth() + 1) &&
      year.values.includes(day.getUTCFullYear()) &&
      isDayOfMonth(dayOfMonth.text, dayOfMonth.values, day) &&
      isDayOfWeek(dayOfWeek.text, dayOfWeek.values, day),
  };
}

function isDayOfMonth(text: string, values: readonly number[], day: Date): boolean {
  if (text === '?') return true;
  const date = day.getUTCDate();
  if (text === 'L') return date === lastDate(day);
  if (text === 'LW') return date === nearestWeekday(lastDate(day), day);
  if (text.endsWith('W')) return date === nearestWeekday(Number.parseInt(text, 10), day);
  return values.includes(date);
}

function isDayOfWeek(text: string, values: readonly number[], day: Date): boolean {
  if (text === '?') return true;
  const weekday = day.getUTCDay() + 1;
  const date = day.getUTCDate();
  // A plain L is Saturday, the last day of the week.
  if (text === 'L') return day.getUTCDay() === SATURDAY;
  if (text.endsWith('L')) {
    return weekday === Number.parseInt(text, 10) && date > lastDate(day) - DAYS_PER_WEEK;
  }
  const [wanted, occurrence] = text.split('#');
  if (occurrence !== undefined) {
    return weekday === Number(wanted) && Math.ceil(date / DAYS_PER_WEEK) === Number(occurrence);
  }
  return values.includes(weekday);
}

function lastDate(day: Date): number {
  return new Date(Date.UTC(day.getUTCFullYear(), day.getUTCMonth() + 1, 0)).getUTCDate();
}

/** Monday to Friday nearest to a date, within the month. */
function nearestWeekday(date: number, day: Date): number {
  const last = lastDate(day);
  const wanted = Math.min(date, last);
  const weekday = new Date(Date.UTC(day.getUTCFullYear(), day.getUTCMonth(), wanted)).getUTCDay();
  if (weekday === SATURDAY) return wanted > 1 ? wanted - 1 : wanted + 2;
  if (weekday === 0) return wanted < last ? wanted + 1 : wanted - 2;
  return wanted;
}

/** The years that are looked at: a fixed span, so that the same configuration is judged the same at any time. */
const FIRST_DAY_MS = Date.UTC(2026, 0, 1);
const LOOKED_AT_DAYS = 10 * 366;

/** Every day of ten years. */
export function* lookedAtDays(): Generator<Date> {
  for (let day = 0; day < LOOKED_AT_DAYS; day += 1) yield new Date(FIRST_DAY_MS + day * DAY_MS);
}

/**
 * The longest time between two starts, over all of the given expressions together; undefined with fewer than two
 * starts in ten years. Daylight saving is left out: it adds an hour at most.
 * @returns hours
 */
export function longestGapHours(expressions: readonly string[]): number | undefined {
  const schedules = expressions.map(cronTimes);
  let last: number | undefined;
  let longest: number | undefined;
  for (const day of lookedAtDays()) {
    const minutes = schedules.flatMap(({ firesOn, minutesOfDay }) => (firesOn(day) ? minutesOfDay : []));
    for (const minute of [...minutes].sort((one, other) => one - other)) {
      const now = day.getTime() / 60_000 + minute;
      if (last !== undefined) longest = Math.max(longest ?? 0, now - last);
      last = now;
    }
  }
  return longest === undefined ? undefined : longest / MINUTES_PER_HOUR;
}
