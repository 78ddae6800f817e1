import {
  DescribeExecutionCommand,
  GetExecutionHistoryCommand,
  ListExecutionsCommand,
  type SFNClient,
} from '@aws-sdk/client-sfn';
import { StepFunctionsOutcomes } from '../../../../lambdas/notify-outcome/step-functions-outcomes.ts';

const { signal } = new AbortController();
const DAY = Date.UTC(2026, 2, 4);

/** A client that answers from a list of failures, newest first, two a page. */
function clientOf(failures: { name: string; startedAtMs: number }[], events: unknown[] = []) {
  const described: string[] = [];
  const send = async (command: unknown) => {
    if (command instanceof ListExecutionsCommand) {
      expect(command.input.statusFilter).toBe('FAILED');
      const from = Number(command.input.nextToken ?? 0);
      const page = failures.slice(from, from + 2);
      return {
        executions: page.map(({ name, startedAtMs }) => ({
          executionArn: `arn:${name}`,
          name,
          startDate: new Date(startedAtMs),
        })),
        nextToken: from + 2 < failures.length ? String(from + 2) : undefined,
      };
    }
    if (command instanceof DescribeExecutionCommand) {
      const arn = String(command.input.executionArn);
      described.push(arn);
      return { name: arn.slice(4), startDate: new Date(DAY), stopDate: new Date(DAY + 1), input: '{"a":1}' };
    }
    if (command instanceof GetExecutionHistoryCommand) {
      expect(command.input.reverseOrder).toBe(true);
      return { events };
    }
    throw new Error('another call');
  };
  return { outcomes: new StepFunctionsOutcomes({ send } as unknown as SFNClient), described };
}

test('failures of the day are read over all pages, and none before it', async () => {
  const { outcomes, described } = clientOf([
    { name: 'd', startedAtMs: DAY + 3 },
    { name: 'c', startedAtMs: DAY + 2 },
    { name: 'b', startedAtMs: DAY },
    { name: 'a', startedAtMs: DAY - 1 },
    { name: 'never', startedAtMs: DAY - 2 },
  ]);
  const found = await outcomes.failedSince('arn', DAY, (name) => name !== 'c', signal);
  expect(found.map(({ name }) => name)).toEqual(['d', 'b']);
  expect(described).toEqual(['arn:d', 'arn:b']);
});

test('a hundred are enough', async () => {
  const many = Array.from({ length: 150 }, (_, index) => ({ name: `${index}`, startedAtMs: DAY }));
  expect(await clientOf(many).outcomes.failedSince('arn', DAY, () => true, signal)).toHaveLength(100);
});

test('the state at the end is that of the last step, whatever the order of the events', async () => {
  const entered = (id: number, name: string, input: string) => ({
    id,
    stateEnteredEventDetails: { name, input },
  });
  const events = [
    entered(7, 'ReleaseSessions', '{"first":true}'),
    entered(9, 'ReleaseSessions', '{"second":true}'),
    entered(12, 'TransferFailed', '{}'),
  ];
  for (const order of [events, events.toReversed()]) {
    expect(await clientOf([], order).outcomes.stateAtEnd('arn', signal)).toEqual({ second: true });
  }
  expect(await clientOf([], [events[2]]).outcomes.stateAtEnd('arn', signal)).toBeUndefined();
});

test('a state that AWS has cut off is not guessed at', async () => {
  const cut = { id: 1, stateEnteredEventDetails: { name: 'ReleaseSessions', input: '{"upload":' } };
  expect(await clientOf([], [cut]).outcomes.stateAtEnd('arn', signal)).toBeUndefined();
});
