import { cronMistake } from '../../../../../infra/config/schedules/cron.ts';

test.each([
  'cron(0 2 * * ? *)',
  'cron(0/15 8-18 ? * MON-FRI *)',
  'cron(30 2 1,15 * ? *)',
  'cron(0 0 L * ? 2027)',
  'cron(0 0 15W JAN-MAR ? *)',
  'cron(0 0 ? * 6L *)',
  'cron(0 0 ? * 2#1 2026-2030)',
  'cron(*/5 * * * ? *)',
])('%s is sound', (expression) => {
  expect(cronMistake(expression)).toBeUndefined();
});

test.each([
  ['five fields, as Unix has them', 'cron(0 2 * * *)', '6 fields'],
  ['no cron()', '0 2 * * ? *', '6 fields'],
  ['rate', 'rate(1 day)', '6 fields'],
  ['two spaces', 'cron(0  2 * * ? *)', '6 fields'],
  ['both days', 'cron(0 2 * * * *)', 'but not as both'],
  ['neither day', 'cron(0 2 ? * ? *)', 'but not as both'],
  ['minute 60', 'cron(60 2 * * ? *)', 'minutes must be * or 0 to 59'],
  ['hour 24', 'cron(0 24 * * ? *)', 'hours must be * or 0 to 23'],
  ['day 0', 'cron(0 2 0 * ? *)', 'day-of-month must be'],
  ['month 13', 'cron(0 2 * 13 ? *)', 'month must be * or 1 to 12 or JAN to DEC'],
  ['weekday 0', 'cron(0 2 ? * 0 *)', 'day-of-week must be'],
  ['a range backwards', 'cron(0 18-8 * * ? *)', 'hours must be'],
  ['step 0', 'cron(0/0 2 * * ? *)', 'minutes must be'],
  ['year 1969', 'cron(0 2 * * ? 1969)', 'year must be'],
])('%s is refused', (_name, expression, words) => {
  expect(cronMistake(expression)).toContain(words);
});
