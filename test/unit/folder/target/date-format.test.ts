import {
  addDays,
  calendarTime,
  dateFormatMistake,
  formatDate,
} from '../../../../folder/target/date-format.ts';

const at = (text: string): number => Date.parse(text);

test.each<[string, string, string, string]>([
  ['UTC', '2026-11-25T23:30:05Z', 'UTC', '2026-11-25 23:30:05'],
  ['another day in the east', '2026-11-25T23:30:05Z', 'Asia/Tokyo', '2026-11-26 08:30:05'],
  ['another day in the west', '2026-11-25T03:30:05Z', 'America/New_York', '2026-11-24 22:30:05'],
  ['before the clocks go forward', '2026-03-29T00:59:59Z', 'Europe/Berlin', '2026-03-29 01:59:59'],
  ['after it', '2026-03-29T01:00:00Z', 'Europe/Berlin', '2026-03-29 03:00:00'],
  ['the first 02:30 of autumn', '2026-10-25T00:30:00Z', 'Europe/Berlin', '2026-10-25 02:30:00'],
  ['the second 02:30', '2026-10-25T01:30:00Z', 'Europe/Berlin', '2026-10-25 02:30:00'],
  ['midnight is hour 0', '2026-11-25T00:00:00Z', 'UTC', '2026-11-25 00:00:00'],
  ['time 0', '1970-01-01T00:00:00Z', 'UTC', '1970-01-01 00:00:00'],
])('%s', (_name, moment, timeZone, expected) => {
  expect(formatDate(calendarTime(at(moment), timeZone), 'yyyy-MM-dd HH:mm:ss')).toBe(expected);
});

test('a year of two digits', () => {
  expect(formatDate(calendarTime(at('2009-01-02T00:00:00Z'), 'UTC'), 'yyMMdd')).toBe('090102');
});

test.each<[string, string, number, string]>([
  ['the day before', '2026-11-25T12:00:00Z', -1, '2026-11-24'],
  ['the day before the first', '2026-03-01T12:00:00Z', -1, '2026-02-28'],
  ['in a leap year', '2028-03-01T12:00:00Z', -1, '2028-02-29'],
  ['new year', '2026-12-31T12:00:00Z', 1, '2027-01-01'],
  ['the day of 23 hours', '2026-03-30T00:30:00Z', -1, '2026-03-29'],
])('%s', (_name, moment, days, expected) => {
  expect(formatDate(addDays(calendarTime(at(moment), 'Europe/Berlin'), days), 'yyyy-MM-dd')).toBe(expected);
});

test.each<[string, boolean, boolean]>([
  ['yyyy/MM/dd', false, true],
  ['yyyy/MM/dd', true, true],
  ['HHmm', false, false],
  ['HHmm', true, true],
  ['YYYY', true, false],
  ['yyyyT', true, false],
  ['---', true, false],
])('%s, with time %s: right is %s', (format, withTime, isRight) => {
  expect(dateFormatMistake(format, { withTime }) === undefined).toBe(isRight);
});
