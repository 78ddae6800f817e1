import { historyAsJson, historyForPeople } from '../../../../cli/results/describe-history.ts';
import { timelineOfExecution } from '../../../../cli/timeline/execution-timeline.ts';
import {
  describedExecution,
  EXECUTION_STARTED_AT_MS,
  HistoryWriter,
} from '../../../support/aws/execution-history.ts';

/** A transfer that asked for sessions once for each answer, 10 s apart. */
function transferThatAsked(
  answers: readonly { granted: number; ahead: number }[],
  status: 'RUNNING' | 'ABORTED' = 'RUNNING',
) {
  const history = new HistoryWriter();
  const started = history.add(0, 0, { type: 'ExecutionStarted' });
  for (const [index, answer] of answers.entries()) {
    const call = history.call(index * 10_000, history.enter(index * 10_000, started, 'ReserveSessions'));
    history.succeed(index * 10_000 + 500, call, { ...answer, wanted: 8, wait_seconds: 10 });
  }
  const execution = describedExecution(status === 'RUNNING' ? undefined : 90_000, { status });
  const timeline = () => timelineOfExecution(execution, history.events, EXECUTION_STARTED_AT_MS + 90_000);
  return { history, started, timeline };
}

test('a transfer without sessions shows how many are ahead, by the last answer', () => {
  const timeline = transferThatAsked([
    { granted: 0, ahead: 3 },
    { granted: 0, ahead: 1 },
  ]).timeline();

  expect(timeline.waiting).toEqual({ transfersAhead: 1 });
  expect(historyAsJson(timeline)).toMatchObject({ status: 'RUNNING', transfers_ahead: 1 });
  expect(historyForPeople(timeline)).toContain('Waiting for sessions of the partner: 1 transfer ahead');
  expect(historyForPeople(timeline)).toMatch(/^ReserveSessions .*succeeded, 2 polls$/m);
});

test('while the next answer is awaited, the last one holds', () => {
  const { history, started, timeline } = transferThatAsked([{ granted: 0, ahead: 2 }]);
  history.call(20_000, history.enter(20_000, started, 'ReserveSessions'));

  expect(timeline().waiting).toEqual({ transfersAhead: 2 });
});

test.each([
  [
    'was granted sessions after a while',
    [
      { granted: 0, ahead: 2 },
      { granted: 8, ahead: 0 },
    ],
    'RUNNING',
  ],
  ['was granted sessions at once', [{ granted: 2, ahead: 0 }], 'RUNNING'],
  ['has just begun', [], 'RUNNING'],
  ['was stopped while it waited', [{ granted: 0, ahead: 2 }], 'ABORTED'],
] as const)('a transfer that %s does not wait', (_name, answers, status) => {
  const timeline = transferThatAsked(answers, status).timeline();

  expect(timeline).not.toHaveProperty('waiting');
  expect(historyAsJson(timeline)).not.toHaveProperty('transfers_ahead');
  expect(historyForPeople(timeline)).not.toContain('Waiting');
});

test.each([
  [8, undefined, []],
  [
    2,
    { granted: 2, wanted: 8 },
    ['2 sessions at a time instead of 8: that is all that the partner grants, or that others leave'],
  ],
  [
    1,
    { granted: 1, wanted: 8 },
    ['1 session at a time instead of 8: that is all that the partner grants, or that others leave'],
  ],
])('of 8 sessions wanted, %d granted', (granted, narrowed, lines) => {
  const timeline = transferThatAsked([
    { granted: 0, ahead: 1 },
    { granted, ahead: 0 },
  ]).timeline();

  expect(timeline.narrowed).toEqual(narrowed);
  expect(historyAsJson(timeline).sessions).toEqual(narrowed);
  const said = historyForPeople(timeline)
    .split('\n')
    .filter((line) => line.includes('at a time instead of'));
  expect(said.map((line) => line.trim())).toEqual(lines);
});
