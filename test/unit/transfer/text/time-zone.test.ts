import { isTimeZone } from '../../../../transfer/text/time-zone.ts';

test.each([
  'UTC',
  'Europe/Berlin',
  'Asia/Kolkata',
  'Asia/Calcutta',
  'Europe/Kyiv',
  'America/Port-au-Prince',
  'America/North_Dakota/New_Salem',
  'US/Eastern',
  'Etc/GMT+1',
])('%s is a time zone', (name) => {
  expect(isTimeZone(name)).toBe(true);
});

test.each([
  '',
  'Mars/Base',
  'europe/berlin',
  'Europe/berlin',
  'EUROPE/BERLIN',
  '+02:00',
  'CET',
  'Berlin',
  'Europe/Berlin\n',
])('%j is none', (name) => {
  expect(isTimeZone(name)).toBe(false);
});
