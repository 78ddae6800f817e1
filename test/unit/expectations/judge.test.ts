import { judge } from '../../../expectations/judge.ts';
import { expectationSchema } from '../../../expectations/settings.ts';
import type { Arrival, Sight } from '../../../expectations/sight.ts';
import { expectedDate } from '../../../expectations/window.ts';

const at = (time: string): number => Date.parse(`2027-03-10T${time}Z`);
const NOTHING: Sight = { arrivals: [], copying: [], looks: [], failures: [] };
const DUE = at('06:00:00');

const judged = (sight: Partial<Sight>, settings: object = {}, nowMs = DUE + 1, counted: string[] = []) => {
  const expectation = expectationSchema.parse({ name: 'orders', path: '/o.csv', by: '06:00', ...settings });
  const expected = expectedDate(expectation, '2027-03-10');
  return judge(expectation, expected, { ...NOTHING, ...sight }, new Set(counted), nowMs);
};
const arrival = (time: string, changes: Partial<Arrival> = {}): Arrival => ({
  path: '/o.csv',
  identity: 'today',
  sizeBytes: 10,
  landedAtMs: at(time),
  ...changes,
});
const look = (time: string, waiting: Sight['looks'][number]['waiting'] = [], isComplete = true) => ({
  atMs: at(time),
  isComplete,
  waiting,
});

describe('the five causes', () => {
  test('not on the server: a fresh look has not found it', () => {
    expect(judged({ looks: [look('05:55:00')] })).toMatchObject({
      cause: { kind: 'not-on-server', lookedAtMs: at('05:55:00'), isOldFileThere: false },
    });
  });

  test('there, but not ready: a fresh look has found it unfinished', () => {
    const waiting = [{ path: 'o.csv', reason: 'no-trigger' }];
    expect(judged({ looks: [look('05:55:00', waiting)] })).toMatchObject({
      cause: { kind: 'not-ready', path: 'o.csv', reason: 'no-trigger' },
    });
  });

  test('copying, with the time to go by the mean rate', () => {
    const progress = { doneBytes: 300, sizeBytes: 400 };
    const copying = [{ path: '/o.csv', sinceMs: at('05:30:00'), progress }];
    expect(judged({ copying, looks: [look('05:30:00')] }, {}, DUE)).toMatchObject({
      cause: { kind: 'copying', readyAtMs: at('06:10:00') },
    });
  });

  test('failed, with its name', () => {
    const failures = [{ atMs: at('05:58:00'), errorName: 'SftpConnectionError', message: 'refused' }];
    expect(judged({ failures, looks: [look('05:00:00')] })).toMatchObject({
      cause: { kind: 'failed', errorName: 'SftpConnectionError', message: 'refused' },
    });
  });

  test('we have not looked: the last look is too old, or there was none', () => {
    expect(judged({ looks: [look('04:59:59')] })).toMatchObject({
      cause: { kind: 'not-looked', lastLookMs: at('04:59:59') },
    });
    expect(judged({})).toMatchObject({ cause: { kind: 'not-looked' } });
  });
});

describe('which of two causes', () => {
  const failure = (time: string) => ({ atMs: at(time), errorName: 'SftpStalledError', message: '' });

  test.each([
    ['a failure after the look', { looks: [look('05:50:00')], failures: [failure('05:51:00')] }, 'failed'],
    [
      'a look after the failure',
      { looks: [look('05:52:00')], failures: [failure('05:51:00')] },
      'not-on-server',
    ],
    ['a failure of long ago', { failures: [failure('03:00:00')] }, 'not-looked'],
    [
      'a new try after a failure',
      { failures: [failure('05:51:00')], copying: [{ path: 'x', sinceMs: 1 }] },
      'copying',
    ],
    ['a look that broke off proves no absence', { looks: [look('05:55:00', [], false)] }, 'not-looked'],
    [
      'a look that broke off proves presence',
      { looks: [look('05:55:00', [{ path: 'x', reason: 'changing' }], false)] },
      'not-ready',
    ],
    [
      'the newest look counts',
      { looks: [look('05:55:00'), look('05:10:00', [{ path: 'x', reason: 'changing' }])] },
      'not-on-server',
    ],
  ])('%s', (_name, sight, kind) => {
    expect(judged(sight)).toMatchObject({ cause: { kind } });
  });

  test('of several copies, the one that nothing is known of, else the last to end', () => {
    const copy = (path: string, doneBytes?: number) => ({
      path,
      sinceMs: at('05:00:00'),
      ...(doneBytes !== undefined && { progress: { doneBytes, sizeBytes: 100 } }),
    });
    expect(judged({ copying: [copy('a', 50), copy('b', 10)] })).toMatchObject({ cause: { path: 'b' } });
    expect(judged({ copying: [copy('a', 50), copy('b')] })).toMatchObject({ cause: { path: 'b' } });
    expect(judged({ copying: [copy('a', 50), copy('b', 0)] })).not.toMatchObject({ cause: { readyAtMs: 1 } });
  });

  test('before the time, a look is judged by its age now', () => {
    expect(judged({ looks: [look('04:40:00')] }, {}, at('05:30:00'))).toMatchObject({
      cause: { kind: 'not-on-server' },
    });
    expect(judged({ looks: [look('04:40:00')] }, {}, at('05:50:00'))).toMatchObject({
      cause: { kind: 'not-looked' },
    });
  });
});

describe('what counts as arrived', () => {
  test.each([
    ['at 05:59:59', [arrival('05:59:59')], {}, true],
    ['at the very moment', [arrival('06:00:00')], {}, true],
    ['of the day before', [arrival('06:00:00', { landedAtMs: at('00:00:00') - 1 })], {}, false],
    [
      'of the day before, with the date in its name',
      [arrival('06:00:00', { landedAtMs: at('00:00:00') - 1 })],
      { path: '/{date:yyyyMMdd}' },
      true,
    ],
    ['2 of 3', [arrival('05:00:00'), arrival('05:01:00', { identity: 'b' })], { files: 3 }, false],
    ['too small', [arrival('05:00:00')], { minBytes: 11 }, false],
    ['large enough', [arrival('05:00:00')], { minBytes: 10 }, true],
  ])('%s', (_name, arrivals, settings, arrived) => {
    expect(judged({ arrivals }, settings)).toMatchObject({ arrived });
  });

  test('of three files, the third one says when', () => {
    const arrivals = [
      arrival('06:30:00', { identity: 'c' }),
      arrival('05:00:00'),
      arrival('05:01:00', { identity: 'b' }),
    ];
    expect(judged({ arrivals }, { files: 3 }, at('07:00:00'))).toMatchObject({
      arrived: true,
      atMs: at('06:30:00'),
    });
  });

  test('an old delivery that is copied again does not meet a later date, and the cause says so', () => {
    const sight = { arrivals: [arrival('05:50:00')], looks: [look('05:49:00')] };
    expect(judged(sight, {}, DUE + 1, ['today'])).toMatchObject({
      arrived: false,
      cause: { kind: 'not-on-server', isOldFileThere: true },
    });
    expect(judged(sight, { path: '/{date:yyyyMMdd}' }, DUE + 1, ['today'])).toMatchObject({ arrived: true });
  });
});
