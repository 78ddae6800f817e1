import { cronTimes, lookedAtDays } from './cron-times.ts';

/** A stretch of local time that a clock leaves out when it is put forward. */
export interface SkippedTime {
  /** The day, as 2027-03-28. */
  date: string;
  /** Minutes after midnight: the first that is left out, and the first that exists again. */
  startMinute: number;
  endMinute: number;
}

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;
const MINUTES_PER_HOUR = 60;
const MINUTES_PER_DAY = 1_440;

/**
 * When the expression would fire at a time that does not exist in its zone: EventBridge Scheduler then skips that day.
 * An expression that fires again within the hour loses nothing.
 * https://repost.aws/knowledge-center/eventbridge-scheduler-adjust-dst
 * @returns the first such time, and the two nearest times of day that exist on every day; undefined where there is none
 */
export function skippedStart(
  expression: string,
  timeZone: string,
): { date: string; minute: number; before: number; after: number } | undefined {
  const { firesOn, minutesOfDay } = cronTimes(expression);
  for (const { date, startMinute, endMinute } of skippedTimes(timeZone)) {
    if (!firesOn(new Date(`${date}T00:00:00Z`))) continue;
    const minute = minutesOfDay.find(
      (candidate) =>
        candidate >= startMinute &&
        candidate < endMinute &&
        !minutesOfDay.some((next) => next >= endMinute && next <= candidate + MINUTES_PER_HOUR),
    );
    if (minute === undefined) continue;
    return { date, minute, ...timesAround(minute, { startMinute, endMinute }) };
  }
  return undefined;
}

/** The two times of day nearest to a skipped one that exist on every day. Minutes after midnight. */
export function timesAround(
  minute: number,
  { startMinute, endMinute }: Pick<SkippedTime, 'startMinute' | 'endMinute'>,
): { before: number; after: number } {
  const length = endMinute - startMinute;
  return { before: minute - length, after: minute + length };
}

/** Minutes after midnight as 02:30. */
export function clockTime(minute: number): string {
  const ofDay = (minute + MINUTES_PER_DAY) % MINUTES_PER_DAY;
  const pad = (part: number) => String(part).padStart(2, '0');
  return `${pad(Math.floor(ofDay / MINUTES_PER_HOUR))}:${pad(ofDay % MINUTES_PER_HOUR)}`;
}

/** Of ten years, in their order. */
export function* skippedTimes(timeZone: string): Generator<SkippedTime> {
  const offsetAt = offsetReader(timeZone);
  let before: { atMs: number; offset: number } | undefined;
  for (const day of lookedAtDays()) {
    const now = { atMs: day.getTime(), offset: offsetAt(day.getTime()) };
    if (before !== undefined && now.offset > before.offset) {
      yield describe(findChange(offsetAt, before.atMs, now.atMs), before.offset, now.offset);
    }
    before = now;
  }
}

/** The first minute, in milliseconds, at which the new offset holds. */
function findChange(offsetAt: (ms: number) => number, fromMs: number, toMs: number): number {
  const old = offsetAt(fromMs);
  let [low, high] = [fromMs, toMs];
  while (high - low > MINUTE_MS) {
    const middle = low + Math.floor((high - low) / MINUTE_MS / 2) * MINUTE_MS;
    if (offsetAt(middle) === old) low = middle;
    else high = middle;
  }
  return high;
}

function describe(changeMs: number, oldOffset: number, newOffset: number): SkippedTime {
  const local = changeMs + oldOffset * MINUTE_MS;
  const startMinute = Math.round((local % DAY_MS) / MINUTE_MS);
  return {
    date: new Date(local).toISOString().slice(0, 10),
    startMinute,
    endMinute: startMinute + newOffset - oldOffset,
  };
}

/** A function that gives a zone's offset from UTC, in minutes, at a moment. */
function offsetReader(timeZone: string): (ms: number) => number {
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    hourCycle: 'h23',
  });
  return (ms) => {
    const parts = Object.fromEntries(
      format.formatToParts(ms).map(({ type, value }) => [type, Number(value)]),
    );
    const { year = 0, month = 1, day = 1, hour = 0, minute = 0 } = parts;
    return Math.round((Date.UTC(year, month - 1, day, hour, minute) - ms) / MINUTE_MS);
  };
}
