import { parseConfiguration } from '../../../../../infra/config/load-configuration.ts';
import { cronTimes, longestGapHours } from '../../../../../infra/config/schedules/cron-times.ts';
import {
  clockTime,
  skippedStart,
  skippedTimes,
} from '../../../../../infra/config/schedules/skipped-times.ts';

const start = (cron: string, timeZone = 'Europe/Berlin') => {
  const skipped = skippedStart(cron, timeZone);
  return (
    skipped &&
    [skipped.date, skipped.minute, skipped.before, skipped.after].map((part) => {
      return typeof part === 'number' ? clockTime(part) : part;
    })
  );
};

test.each<[string, string, string, string[] | undefined]>([
  ['in the skipped hour', 'cron(30 2 * * ? *)', 'Europe/Berlin', ['2026-03-29', '02:30', '01:30', '03:30']],
  ['at its first minute', 'cron(0 2 * * ? *)', 'Europe/Berlin', ['2026-03-29', '02:00', '01:00', '03:00']],
  ['at its last minute', 'cron(59 2 * * ? *)', 'Europe/Berlin', ['2026-03-29', '02:59', '01:59', '03:59']],
  ['the minute before it', 'cron(59 1 * * ? *)', 'Europe/Berlin', undefined],
  ['the minute after it', 'cron(0 3 * * ? *)', 'Europe/Berlin', undefined],
  ['on weekdays only: the clocks change on a Sunday', 'cron(30 2 ? * MON-FRI *)', 'Europe/Berlin', undefined],
  ['on Sundays', 'cron(30 2 ? * SUN *)', 'Europe/Berlin', ['2026-03-29', '02:30', '01:30', '03:30']],
  ['in another month', 'cron(30 2 * 6 ? *)', 'Europe/Berlin', undefined],
  ['on the last Sunday', 'cron(30 2 ? * 1L *)', 'Europe/Berlin', ['2026-03-29', '02:30', '01:30', '03:30']],
  ['on the first Sunday', 'cron(30 2 ? * 1#1 *)', 'Europe/Berlin', undefined],
  ['each hour: the next one comes', 'cron(0 * * * ? *)', 'Europe/Berlin', undefined],
  ['each quarter of an hour', 'cron(0/15 * * * ? *)', 'Europe/Berlin', undefined],
  [
    'twice a day: the other one is too late',
    'cron(30 2,14 * * ? *)',
    'Europe/Berlin',
    ['2026-03-29', '02:30', '01:30', '03:30'],
  ],
  ['in New York', 'cron(30 2 * * ? *)', 'America/New_York', ['2026-03-08', '02:30', '01:30', '03:30']],
  [
    'half an hour on Lord Howe',
    'cron(15 2 * * ? *)',
    'Australia/Lord_Howe',
    ['2026-10-04', '02:15', '01:45', '02:45'],
  ],
  [
    'at midnight in Santiago',
    'cron(0 0 * * ? *)',
    'America/Santiago',
    ['2026-09-06', '00:00', '23:00', '01:00'],
  ],
  ['in UTC', 'cron(30 2 * * ? *)', 'UTC', undefined],
  ['in Tokyo', 'cron(30 2 * * ? *)', 'Asia/Tokyo', undefined],
])('%s', (_name, cron, timeZone, expected) => {
  expect(start(cron, timeZone)).toEqual(expected);
});

test('the clocks of Berlin are put forward once a year', () => {
  const skipped = [...skippedTimes('Europe/Berlin')];
  expect(skipped).toHaveLength(10);
  expect(skipped[1]).toEqual({ date: '2027-03-28', startMinute: 120, endMinute: 180 });
});

test.each<[string, string[], number | undefined]>([
  ['daily', ['cron(0 4 * * ? *)'], 24],
  ['on weekdays', ['cron(0 4 ? * MON-FRI *)'], 72],
  ['weekly', ['cron(0 4 ? * MON *)'], 168],
  ['monthly', ['cron(0 4 1 * ? *)'], 744],
  ['on the last weekday of a month', ['cron(0 4 LW * ? *)'], 792],
  ['twice a week by two schedules', ['cron(0 4 ? * MON *)', 'cron(0 4 ? * THU *)'], 96],
  ['every six hours', ['cron(0 0/6 * * ? *)'], 6],
  ['once', ['cron(0 4 1 1 ? 2027)'], undefined],
  ['never', [], undefined],
])('the longest gap: %s', (_name, crons, hours) => {
  expect(longestGapHours(crons)).toBe(hours);
});

test.each([
  ['15W of a month whose 15th is a Saturday is the 14th', 'cron(0 4 15W * ? *)', '2026-08-14', true],
  ['15W of a month whose 15th is a Sunday is the 16th', 'cron(0 4 15W * ? *)', '2026-11-16', true],
  ['1W of a month whose 1st is a Saturday is the 3rd', 'cron(0 4 1W * ? *)', '2026-08-03', true],
  ['a plain L is Saturday', 'cron(0 4 ? * L *)', '2026-11-28', true],
  ['and not Sunday', 'cron(0 4 ? * L *)', '2026-11-29', false],
  ['steps', 'cron(0 4 1/10 * ? *)', '2026-11-21', true],
  ['outside the step', 'cron(0 4 1/10 * ? *)', '2026-11-20', false],
])('%s', (_name, cron, day, fires) => {
  expect(cronTimes(cron).firesOn(new Date(`${day}T00:00:00Z`))).toBe(fires);
});

const withSchedule =
  (cron: string, changes: object = {}) =>
  () =>
    parseConfiguration(
      {
        region: 'eu-west-1',
        partners: [
          {
            name: 'acme',
            host: 'sftp.acme.example',
            hostKeyFingerprints: ['SHA256:uNiVztksCsDhcc0u9e8BrKXVeypKgSy7xdb7mCpRAhA'],
            allowedCidrs: ['198.51.100.0/24'],
            schedules: [{ name: 's', cron, timeZone: 'Europe/Berlin', input: { sftp_file_path: '/a' } }],
            ...changes,
          },
        ],
      },
      'test.json',
    );

test('a start in the skipped hour is refused with both alternatives', () => {
  expect(withSchedule('cron(30 2 * * ? *)')).toThrow(
    /cron is .* but it must not start at 02:30, which does not exist in Europe\/Berlin on 2026-03-29.*01:30 or at 03:30/,
  );
});

test('a success that is expected sooner than the next start is refused, and false is the way out', () => {
  const weekly = 'cron(0 4 ? * MON *)';
  expect(withSchedule(weekly)).toThrow('it must be more than 168, the longest time in hours');
  expect(withSchedule('cron(0 4 ? * MON,THU *)', { expectSuccessWithinHours: 96 })).toThrow('more than 96');
  expect(withSchedule('cron(0 4 ? * MON,THU *)', { expectSuccessWithinHours: 97 })).not.toThrow();
  expect(withSchedule(weekly, { expectSuccessWithinHours: false })).not.toThrow();
  expect(withSchedule(weekly, { expectSuccessWithinHours: 169 })).toThrow('1 to 168');
});
