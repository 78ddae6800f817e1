/** A date format's mistakes, or the date's, end the configuration, never a run. */
const FIELD = /yyyy|yy|MM|dd|HH|mm|ss/g;
const DATE_FIELDS = ['yyyy', 'yy', 'MM', 'dd'];

/** A wall clock's reading in some time zone. */
export interface CalendarTime {
  year: number;
  /** 1 to 12. */
  month: number;
  day: number;
  hour: number;
  minute: number;
  second: number;
}

/** The end of the sentence "the format … is wrong, but …"; undefined for a right one. */
export function dateFormatMistake(format: string, { withTime }: { withTime: boolean }): string | undefined {
  const known = withTime ? 'yyyy, yy, MM, dd, HH, mm and ss' : 'yyyy, yy, MM and dd';
  const bound = `a date format is made of ${known} and of characters that are not letters`;
  const fields = format.match(FIELD) ?? [];
  if (fields.length === 0) return bound;
  if (!withTime && fields.some((field) => !DATE_FIELDS.includes(field))) return bound;
  return /\p{L}/u.test(format.replace(FIELD, '')) ? bound : undefined;
}

/** @param format as `dateFormatMistake` accepts it */
export function formatDate(time: CalendarTime, format: string): string {
  const padded = (value: number, digits = 2): string => String(value).padStart(digits, '0');
  return format.replace(FIELD, (field) => {
    if (field === 'yyyy') return padded(time.year, 4);
    if (field === 'yy') return padded(time.year % 100);
    if (field === 'MM') return padded(time.month);
    if (field === 'dd') return padded(time.day);
    if (field === 'HH') return padded(time.hour);
    return padded(field === 'mm' ? time.minute : time.second);
  });
}

/** What a clock on the wall showed at that moment, daylight saving included. */
export function calendarTime(epochMs: number, timeZone: string): CalendarTime {
  const parts = formatOf(timeZone).formatToParts(epochMs);
  const value = (type: string): number => Number(parts.find((part) => part.type === type)?.value);
  return {
    year: value('year'),
    month: value('month'),
    day: value('day'),
    hour: value('hour'),
    minute: value('minute'),
    second: value('second'),
  };
}

const formats = new Map<string, Intl.DateTimeFormat>();

/** Made once: it takes longer than a hundred uses. */
function formatOf(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone);
  if (known !== undefined) return known;
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    calendar: 'gregory',
    numberingSystem: 'latn',
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  formats.set(timeZone, format);
  return format;
}

/** The same wall clock `days` calendar days later: never 23 or 25 hours. */
export function addDays(time: CalendarTime, days: number): CalendarTime {
  const moved = new Date(0);
  moved.setUTCFullYear(time.year, time.month - 1, time.day + days);
  return {
    ...time,
    year: moved.getUTCFullYear(),
    month: moved.getUTCMonth() + 1,
    day: moved.getUTCDate(),
  };
}
