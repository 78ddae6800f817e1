import { boardAsJson, describeBoard } from '../../../../cli/results/describe-board.ts';
import type { BoardLine } from '../../../../expectations/board.ts';
import { expectationSchema } from '../../../../expectations/settings.ts';

const DUE = Date.parse('2027-03-10T05:00:00Z');
const MINUTE = 60_000;
const line = (changes: Partial<BoardLine> & { name: string }): BoardLine => ({
  expectation: expectationSchema.parse({
    name: changes.name,
    path: '/o.csv',
    files: 2,
    by: '06:00',
    timeZone: 'Europe/Berlin',
  }),
  date: '2027-03-10',
  state: 'MISSED',
  dueMs: DUE,
  landed: 0,
  ...changes,
});
const LINES = [
  line({
    name: 'orders',
    cause: { kind: 'not-on-server', lookedAtMs: DUE - 5 * MINUTE, isOldFileThere: false },
  }),
  line({ name: 'prices', state: 'LATE', landed: 2, arrivedAtMs: DUE + 12 * MINUTE, pagedAtMs: DUE + MINUTE }),
  line({ name: 'holiday', state: 'NOT-EXPECTED', dueMs: undefined } as never),
];

const linesOf = (board: string): string[] => board.split('\n').map((text) => text.trimEnd());

test('times are those of the clock that the deadline is on, and each missing file has its sentence', () => {
  const board = linesOf(describeBoard(LINES, 80));
  expect(board).toEqual([
    'EXPECTATION  DATE        BY     STATE         FILES   LANDED  WHY NOT',
    'orders       2027-03-10  06:00  MISSED        0 of 2  –       not on the server',
    'prices       2027-03-10  06:00  LATE          2 of 2  06:12   –',
    'holiday      2027-03-10  –      not expected  –       –       –',
    'Times are by the clock of Europe/Berlin.',
    '',
    'orders: not on the server. We looked at 2027-03-10 05:55, and there was no such',
    "file. Whose side: the partner's.",
  ]);
  for (const text of board) expect(text.length).toBeLessThanOrEqual(80);
});

test('where the clocks differ each line has its own, and a file of another day has that day', () => {
  const dayLater = line({ name: 'prices', state: 'LATE', landed: 2, arrivedAtMs: DUE + 24 * 60 * MINUTE });
  const inNewYork = { ...dayLater.expectation, timeZone: 'America/New_York' };
  const board = linesOf(describeBoard([...LINES.slice(0, 1), { ...dayLater, expectation: inNewYork }], 200));
  expect(board[1]).toMatch(/^orders +2027-03-10 +06:00 Europe\/Berlin +MISSED/);
  expect(board[2]).toMatch(/^prices .* 00:00 America\/New_York +LATE +2 of 2 +2027-03-11 00:00 +–$/);
  expect(board).not.toContainEqual(expect.stringContaining('by the clock of'));
});

test('where nothing is missing there is the table alone', () => {
  expect(describeBoard(LINES.slice(1), 80)).not.toContain('\n\n');
});

test('for programs every time is UTC, and what is not known is null', () => {
  expect(boardAsJson('acme', LINES)).toEqual({
    partner: 'acme',
    expectations: [
      {
        name: 'orders',
        date: '2027-03-10',
        due_at: '2027-03-10T05:00:00.000Z',
        state: 'MISSED',
        files_wanted: 2,
        files_landed: 0,
        arrived_at: null,
        cause: 'not-on-server',
        side: "the partner's",
        why: 'We looked at 2027-03-10 05:55, and there was no such file.',
        paged_at: null,
      },
      expect.objectContaining({
        name: 'prices',
        state: 'LATE',
        arrived_at: '2027-03-10T05:12:00.000Z',
        cause: null,
        why: null,
        paged_at: '2027-03-10T05:01:00.000Z',
      }),
      expect.objectContaining({ name: 'holiday', state: 'NOT-EXPECTED', due_at: null, cause: null }),
    ],
  });
});
