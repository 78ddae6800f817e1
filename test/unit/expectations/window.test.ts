import { type Expectation, expectationSchema } from '../../../expectations/settings.ts';
import { datesBefore, datesToJudge, expectedDate } from '../../../expectations/window.ts';

const expectation = (changes: object = {}): Expectation =>
  expectationSchema.parse({ name: 'orders', path: '/out/orders.csv', by: '06:00', ...changes });
const utc = (ms: number | undefined): string =>
  ms === undefined ? '' : new Date(ms).toISOString().slice(0, 16);

describe('a time of day is the moment that a clock on the wall shows', () => {
  // The Sundays of 2027 on which clocks change, with the days around them; every moment was written down by hand.
  test.each([
    ['Europe/Berlin', '2027-03-27', '06:00', '2027-03-27T05:00'],
    ['Europe/Berlin', '2027-03-28', '01:59', '2027-03-28T00:59'],
    ['Europe/Berlin', '2027-03-28', '03:00', '2027-03-28T01:00'],
    ['Europe/Berlin', '2027-03-28', '06:00', '2027-03-28T04:00'],
    ['Europe/Berlin', '2027-03-29', '06:00', '2027-03-29T04:00'],
    ['Europe/Berlin', '2027-10-30', '06:00', '2027-10-30T04:00'],
    ['Europe/Berlin', '2027-10-31', '01:59', '2027-10-30T23:59'],
    ['Europe/Berlin', '2027-10-31', '02:30', '2027-10-31T00:30'],
    ['Europe/Berlin', '2027-10-31', '03:00', '2027-10-31T02:00'],
    ['Europe/Berlin', '2027-10-31', '06:00', '2027-10-31T05:00'],
    ['America/New_York', '2027-03-13', '06:00', '2027-03-13T11:00'],
    ['America/New_York', '2027-03-14', '01:59', '2027-03-14T06:59'],
    ['America/New_York', '2027-03-14', '03:00', '2027-03-14T07:00'],
    ['America/New_York', '2027-03-14', '06:00', '2027-03-14T10:00'],
    ['America/New_York', '2027-11-06', '06:00', '2027-11-06T10:00'],
    ['America/New_York', '2027-11-07', '01:30', '2027-11-07T05:30'],
    ['America/New_York', '2027-11-07', '02:00', '2027-11-07T07:00'],
    ['America/New_York', '2027-11-07', '06:00', '2027-11-07T11:00'],
    ['Asia/Calcutta', '2027-03-28', '06:00', '2027-03-28T00:30'],
    ['UTC', '2027-03-28', '00:00', '2027-03-28T00:00'],
  ])('%s on %s: %s is %s UTC', (timeZone, date, by, moment) => {
    expect(utc(expectedDate(expectation({ timeZone, by }), date).dueMs)).toBe(moment);
  });

  test('a time that is left out, which synth refuses, is the moment as long after the gap', () => {
    const skipped = expectation({ timeZone: 'Europe/Berlin', by: '02:30' });
    expect(utc(expectedDate(skipped, '2027-03-28').dueMs)).toBe('2027-03-28T01:30');
  });
});

test.each([
  ['of the same day', { from: '00:00', warnAt: '05:30' }, '2027-03-10T00:00', '2027-03-10T05:30'],
  [
    'later than by: of the day before',
    { from: '20:00', warnAt: '23:00' },
    '2027-03-09T20:00',
    '2027-03-09T23:00',
  ],
  ['equal to by: a whole day', { from: '06:00' }, '2027-03-09T06:00', ''],
])('from and warnAt %s', (_name, changes, from, warn) => {
  const expected = expectedDate(expectation(changes), '2027-03-10');
  expect([utc(expected.fromMs), utc(expected.warnMs)]).toEqual([from, warn]);
});

test.each([
  ['undated: until the next date opens', {}, '2027-03-11T00:00'],
  ['undated, on Wednesdays: for a week', { days: ['wed'] }, '2027-03-17T00:00'],
  ['undated, on one date only: for a week', { only: ['2027-03-10'] }, '2027-03-17T06:00'],
  ['a date in the name: for a week', { path: '/out/{date:yyyyMMdd}.csv' }, '2027-03-17T06:00'],
])('what is missed may come late: %s', (_name, changes, until) => {
  expect(utc(expectedDate(expectation(changes), '2027-03-10').untilMs)).toBe(until);
});

describe('which dates are looked at', () => {
  const at = (time: string, changes: object = {}) =>
    datesToJudge(expectation(changes), Date.parse(`${time}Z`)).map(({ date }) => date);

  test.each([
    ['before the time', '2027-03-10T05:59', {}, []],
    ['at the time', '2027-03-10T06:00', {}, ['2027-03-10']],
    ['until the next date opens', '2027-03-10T23:59', {}, ['2027-03-10']],
    ['not after that', '2027-03-11T00:00', {}, []],
    ['from the warning on', '2027-03-10T05:30', { warnAt: '05:30' }, ['2027-03-10']],
    ['on Sunday still Saturday', '2027-03-14T12:00', { days: ['mon', 'sat'] }, ['2027-03-13']],
    ['on a holiday still the day before', '2027-03-10T12:00', { except: ['2027-03-10'] }, ['2027-03-09']],
    ['only these', '2027-03-14T12:00', { only: ['2027-03-14'], days: ['mon'] }, ['2027-03-14']],
    [
      'a warning of tomorrow',
      '2027-03-09T23:30',
      { by: '00:30', from: '12:00', warnAt: '23:15' },
      ['2027-03-10'],
    ],
  ])('%s', (_name, time, changes, dates) => {
    expect(at(time, changes)).toEqual(dates);
  });

  test('of dated names, all of the last week: each may still come', () => {
    const dates = at('2027-03-10T12:00', { path: '/out/{date:yyyyMMdd}.csv', days: ['mon', 'wed', 'fri'] });
    expect(dates).toEqual(['2027-03-05', '2027-03-08', '2027-03-10']);
  });

  test('a date of which the next one opens at its very time may be late for an hour', () => {
    expect(at('2027-03-10T06:55', { from: '06:00' })).toEqual(['2027-03-10']);
    expect(at('2027-03-10T07:00', { from: '06:00' })).toEqual([]);
  });
});

test('dates before: the latest first, whatever is between', () => {
  expect(datesBefore(expectation({ days: ['fri'] }), '2027-03-12', 2)).toEqual(['2027-03-05', '2027-02-26']);
  expect(datesBefore(expectation({ only: ['2027-03-12'] }), '2027-03-12', 2)).toEqual([]);
});
