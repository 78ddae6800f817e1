import { boardOf } from '../../../expectations/board.ts';
import { expectationSchema } from '../../../expectations/settings.ts';
import type { Sight } from '../../../expectations/sight.ts';
import { type StatusRow, statusKey } from '../../../expectations/status-row.ts';

const DUE = Date.parse('2027-03-10T05:00:00Z');
const MINUTE = 60_000;
const { signal } = new AbortController();
const NOTHING: Sight = { arrivals: [], copying: [], looks: [], failures: [] };

function boardAt(
  nowMs: number,
  { sight = NOTHING, row, date }: { sight?: Sight; row?: object; date?: string } = {},
) {
  const expectation = expectationSchema.parse({
    name: 'orders',
    path: '/o-{date:yyyyMMdd}.csv',
    by: '06:00',
    warnAt: '05:30',
    timeZone: 'Europe/Berlin',
    except: ['2027-03-11'],
  });
  const asked: string[] = [];
  const board = boardOf(
    { partner: 'acme', expectations: [expectation], folders: [] },
    date,
    {
      look: async (_partner, _expectation, expected) => {
        asked.push(expected.date);
        return sight;
      },
      statusRows: () => ({
        read: async (key: string) =>
          key === statusKey('orders', '2027-03-10') ? (row as StatusRow | undefined) : undefined,
      }),
      clock: { nowMs: () => nowMs },
    },
    signal,
  );
  return board.then(([line]) => ({ line, asked }));
}

test.each([
  ['before its warning', DUE - 31 * MINUTE, 'PENDING'],
  ['after its warning', DUE - 30 * MINUTE, 'WARNED'],
  ['at its time', DUE, 'WARNED'],
  ['after its time', DUE + 1, 'MISSED'],
])('%s, with nothing landed, it is looked at now', async (_when, nowMs, state) => {
  expect(await boardAt(nowMs)).toMatchObject({
    line: { state, date: '2027-03-10', landed: 0, cause: { kind: 'not-looked' } },
    asked: ['2027-03-10'],
  });
});

test('what has landed since the last evaluation is on the board at once', async () => {
  const arrivals = [{ path: '/o', identity: 'i', sizeBytes: 1, landedAtMs: DUE + 3 * MINUTE }];
  const { line } = await boardAt(DUE + 4 * MINUTE, { sight: { ...NOTHING, arrivals } });
  expect(line).toMatchObject({ state: 'LATE', landed: 1, arrivedAtMs: DUE + 3 * MINUTE });
  expect(line).not.toHaveProperty('cause');
});

test('what is over is not looked at again, and a page that went out is told', async () => {
  const row = { status: 'LATE', arrivedAtMs: DUE + 9, files: ['i'], page: { sentAtMs: DUE + 5 } };
  expect(await boardAt(DUE + 60 * MINUTE, { row })).toMatchObject({
    line: { state: 'LATE', landed: 1, pagedAtMs: DUE + 5 },
    asked: [],
  });
});

test('today is the day of the clock that the deadline is on, and another day can be asked for', async () => {
  // In UTC it is still the 9th.
  expect((await boardAt(Date.parse('2027-03-09T23:30:00Z'))).line).toMatchObject({ date: '2027-03-10' });
  expect((await boardAt(DUE, { date: '2027-03-11' })).line).toMatchObject({ state: 'NOT-EXPECTED' });
  expect((await boardAt(DUE, { date: '2027-03-09' })).line).toMatchObject({ state: 'MISSED' });
});
