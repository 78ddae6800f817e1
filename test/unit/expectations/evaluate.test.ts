import { momentOf } from '../../../expectations/business-date.ts';
import { evaluateExpectations } from '../../../expectations/evaluate.ts';
import type { Notice } from '../../../expectations/notice.ts';
import { type ExpectingPartner, expectationSchema } from '../../../expectations/settings.ts';
import type { Sight } from '../../../expectations/sight.ts';
import { type SinceRow, type StatusRow, statusKey } from '../../../expectations/status-row.ts';
import { minuteOf } from '../../../expectations/window.ts';
import { MemoryRows } from '../../../ledger/memory-rows.ts';

const PLACE = { stackName: 'prod', region: 'eu-central-1' };
const NOTHING: Sight = { arrivals: [], copying: [], looks: [], failures: [] };
const MINUTE_MS = 60_000;

function rig(settings: object = {}) {
  const expectation = expectationSchema.parse({
    name: 'orders',
    path: '/out/orders.csv',
    by: '06:00',
    warnAt: '05:30',
    timeZone: 'Europe/Berlin',
    ...settings,
  });
  const partner: ExpectingPartner = {
    partner: 'acme',
    contact: 'ops@acme.example',
    expectations: [expectation],
    folders: [],
  };
  const now = { ms: momentOf('2027-03-20', 0, expectation.timeZone) };
  const rows = new MemoryRows<StatusRow>(() => now.ms);
  const since = new MemoryRows<SinceRow>(() => now.ms);
  const notices: Notice[] = [];
  const margins: number[] = [];
  let failing = 0;
  let sight = NOTHING;
  let owners = 0;
  const evaluate = () => {
    owners += 1;
    return evaluateExpectations(
      [partner],
      {
        look: async () => sight,
        statusRows: () => rows,
        sinceRows: () => since,
        publish: async (notice) => {
          if (failing > 0) {
            failing -= 1;
            throw new Error('SNS does not answer');
          }
          notices.push(notice);
        },
        noteMargin: (_partner, _expectation, seconds) => margins.push(seconds),
        clock: { nowMs: () => now.ms },
        owner: `evaluation-${owners}`,
      },
      PLACE,
      new AbortController().signal,
    );
  };
  return {
    notices,
    margins,
    evaluate,
    subjects: () => notices.map(({ subject }) => subject),
    /** By the expectation's clock. */
    async at(date: string, time: string, changes: Partial<Sight> = {}) {
      now.ms = momentOf(date, minuteOf(time), expectation.timeZone);
      sight = { ...NOTHING, ...changes };
      await evaluate();
    },
    pass(ms: number) {
      now.ms += ms;
    },
    moveTo(by: string) {
      partner.expectations[0] = { ...expectation, by };
    },
    failNext(times: number) {
      failing = times;
    },
    landed: (date: string, time: string, identity = `of ${date}`) => ({
      arrivals: [
        {
          path: '/out/orders.csv',
          identity,
          sizeBytes: 1,
          landedAtMs: momentOf(date, minuteOf(time), expectation.timeZone),
        },
      ],
    }),
    row: async (date: string) => rows.read(statusKey('orders', date)),
  };
}

/** Evaluated once, long before the dates of the tests. */
async function runningRig(settings: object = {}) {
  const running = rig(settings);
  await running.evaluate();
  return running;
}

test('a file that lands in time is met, and nobody is told', async () => {
  const { at, landed, row, notices, margins } = await runningRig();
  await at('2027-03-28', '05:30', landed('2027-03-28', '05:10'));
  await at('2027-03-28', '06:05', landed('2027-03-28', '05:10'));
  expect(await row('2027-03-28')).toMatchObject({ status: 'MET' });
  expect(notices).toEqual([]);
  expect(margins).toEqual([50 * 60]);
});

test('warned before, woken once, closed when the file has come late', async () => {
  const { at, landed, row, subjects, notices, margins } = await runningRig();
  for (const time of ['05:30', '05:35', '05:55', '06:00']) await at('2027-03-28', time);
  expect(subjects()).toEqual(['prod-acme-expected-orders 2027-03-28: not here yet, we have not looked']);
  for (const time of ['06:05', '06:10', '07:00', '08:00']) await at('2027-03-28', time);
  expect(subjects().slice(1)).toEqual(['prod-acme-expected-orders 2027-03-28: NOT HERE, we have not looked']);
  expect(await row('2027-03-28')).toMatchObject({ status: 'MISSED' });

  for (const time of ['08:30', '08:35']) await at('2027-03-28', time, landed('2027-03-28', '08:25'));
  expect(await row('2027-03-28')).toMatchObject({ status: 'LATE' });
  expect(subjects().slice(2)).toEqual(['prod-acme-expected-orders 2027-03-28: has arrived']);
  expect(notices.at(-1)?.text).toContain('has landed 145 min late');
  expect(margins).toEqual([-145 * 60]);
});

describe('over the Sundays of 2027 on which clocks change', () => {
  test.each([
    ['Europe/Berlin', '2027-03-28', '2027-03-28T04:00:00Z'],
    ['Europe/Berlin', '2027-10-31', '2027-10-31T05:00:00Z'],
    ['America/New_York', '2027-03-14', '2027-03-14T10:00:00Z'],
    ['America/New_York', '2027-11-07', '2027-11-07T11:00:00Z'],
  ])('%s on %s: one page, at the first look after %s', async (timeZone, date, due) => {
    const { evaluate, pass, notices, row, at } = rig({ timeZone, warnAt: undefined });
    // The day before is seen whole, so that both days are judged.
    await at(new Date(Date.parse(`${date}T00:00:00Z`) - 2 * 86_400_000).toISOString().slice(0, 10), '12:00');
    const pages: string[] = [];
    for (let minutes = 0; minutes < 3 * 24 * 60; minutes += 5) {
      const before = notices.length;
      await evaluate();
      if (notices.length > before) pages.push(String(notices.at(-1)?.subject).split(' ')[1] ?? '');
      pass(5 * MINUTE_MS);
    }
    // One for each morning of the three days, the Sunday among them, and none twice.
    expect(pages.map((page) => page.replace(':', ''))).toHaveLength(3);
    expect(new Set(pages).size).toBe(3);
    const missed = await row(date);
    expect(missed?.dueMs).toBe(Date.parse(due));
    expect(missed?.page?.sentAtMs).toBe(Date.parse(due) + 5 * MINUTE_MS);
  });
});

test('two evaluations at once wake nobody twice', async () => {
  const { at, evaluate, subjects, pass } = await runningRig({ warnAt: undefined });
  await at('2027-03-28', '06:00');
  pass(MINUTE_MS);
  await Promise.all([evaluate(), evaluate(), evaluate()]);
  expect(subjects()).toHaveLength(1);
});

test('a page that could not be sent is sent by a later evaluation, once', async () => {
  const { at, evaluate, subjects, failNext, pass } = await runningRig({ warnAt: undefined });
  await at('2027-03-28', '06:00');
  failNext(1);
  await expect(at('2027-03-28', '06:05')).rejects.toThrow('SNS does not answer');
  pass(MINUTE_MS);
  await evaluate();
  expect(subjects()).toEqual([]);
  pass(4 * MINUTE_MS);
  await evaluate();
  pass(5 * MINUTE_MS);
  await evaluate();
  expect(subjects()).toHaveLength(1);
});

test('who was warned hears that it has come', async () => {
  const { at, landed, subjects, row } = await runningRig();
  await at('2027-03-28', '05:30');
  await at('2027-03-28', '05:50', landed('2027-03-28', '05:45'));
  expect(subjects()[1]).toBe('prod-acme-expected-orders 2027-03-28: has arrived');
  expect(await row('2027-03-28')).toMatchObject({ status: 'MET' });
});

test('a date that had begun before the first evaluation is not judged', async () => {
  const { at, subjects } = rig();
  await at('2027-03-28', '05:00');
  await at('2027-03-28', '07:00');
  expect(subjects()).toEqual([]);
  await at('2027-03-29', '06:05');
  expect(subjects()).toHaveLength(1);
});

test('with page: false nobody is told, and the row says it', async () => {
  const { at, landed, notices, row } = await runningRig({ page: false });
  await at('2027-03-28', '06:05');
  expect(await row('2027-03-28')).toMatchObject({ status: 'MISSED', cause: { kind: 'not-looked' } });
  await at('2027-03-28', '07:00', landed('2027-03-28', '06:50'));
  expect(await row('2027-03-28')).toMatchObject({ status: 'LATE' });
  expect(notices).toEqual([]);
});

test("a replay of yesterday's delivery does not meet today", async () => {
  const { at, landed, row, subjects } = await runningRig({ warnAt: undefined });
  await at('2027-03-27', '06:00', landed('2027-03-27', '05:00', 'old'));
  await at('2027-03-28', '06:05', landed('2027-03-28', '05:00', 'old'));
  expect(await row('2027-03-27')).toMatchObject({ status: 'MET' });
  expect(await row('2027-03-28')).toMatchObject({ status: 'MISSED' });
  expect(subjects()).toHaveLength(1);
});

test('a time that is moved after the page does not take it back', async () => {
  const { at, moveTo, row, subjects } = await runningRig({ warnAt: undefined });
  await at('2027-03-28', '06:05');
  moveTo('09:00');
  await at('2027-03-28', '06:10');
  await at('2027-03-28', '09:05');
  expect(await row('2027-03-28')).toMatchObject({ status: 'MISSED' });
  expect(subjects()).toHaveLength(1);
});

test.each([
  [
    'not-on-server',
    { looks: [{ atMs: Date.parse('2027-03-28T03:58:00Z'), isComplete: true, waiting: [] }] },
    'not on the server',
    "the partner's",
    '> We expect your file by 2027-03-28 06:00 Europe/Berlin, and do not find it',
  ],
  [
    'not-ready',
    {
      looks: [
        {
          atMs: Date.parse('2027-03-28T03:58:00Z'),
          isComplete: true,
          waiting: [{ path: 'orders.csv.part', reason: 'ignored-temporary' }],
        },
      ],
    },
    'there, but not ready',
    'still has a temporary name',
    '> We expect your file',
  ],
  [
    'copying',
    {
      copying: [
        {
          path: '/out/orders.csv',
          sinceMs: Date.parse('2027-03-28T03:35:00Z'),
          progress: { doneBytes: 1, sizeBytes: 2 },
        },
      ],
    },
    'being copied',
    'done at about 2027-03-28 06:35',
    undefined,
  ],
  [
    'failed',
    {
      failures: [
        { atMs: Date.parse('2027-03-28T03:58:00Z'), errorName: 'SftpAuthenticationError', message: 'no' },
      ],
    },
    'failed: SftpAuthenticationError',
    'docs/runbooks/sftp-authentication-error.md',
    undefined,
  ],
  ['not-looked', {}, 'we have not looked', 'Whose side: ours', undefined],
])('the page says which of the five it is: %s', async (_kind, sight, title, text, letter) => {
  const { at, notices } = await runningRig({ warnAt: undefined });
  await at('2027-03-28', '06:05', sight as Partial<Sight>);
  expect(notices).toHaveLength(1);
  const [page] = notices;
  expect(page?.subject).toBe(`prod-acme-expected-orders 2027-03-28: NOT HERE, ${title}`);
  expect(page?.text).toContain(`Cause: ${title}. `);
  expect(page?.text).toContain(text);
  expect(page?.text).toContain(
    'orders of acme was due at 2027-03-28 06:00 Europe/Berlin, and has not landed.',
  );
  expect(page?.text).toContain(
    'npx sftp-to-s3 expected acme --date 2027-03-28 --stack-name prod --region eu-central-1',
  );
  expect(page?.text).toContain('Contact of the partner: ops@acme.example');
  expect(page?.text).toContain('Runbook: docs/runbooks/expected-file-late.md');
  expect(page?.text.split('\n').filter((line) => line.startsWith('> '))).toEqual(
    letter === undefined ? [] : [expect.stringContaining(letter)],
  );
});
