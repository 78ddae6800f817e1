import {
  DescribeExecutionCommand,
  ExecutionDoesNotExist,
  GetExecutionHistoryCommand,
  ListExecutionsCommand,
  StateMachineDoesNotExist,
} from '@aws-sdk/client-sfn';
import { ExecutionReader, type SeenExecution } from '../../../../expectations/deployed/executions.ts';

const NOW = Date.parse('2027-03-10T06:00:00Z');
const { signal } = new AbortController();

/** Executions `0`, `1`, … began a second apart, the newest first; the pages have two. */
function readerOf(count: number, describe: (name: string) => object = () => ({})) {
  const described: string[] = [];
  const send = async (command: unknown): Promise<object> => {
    if (command instanceof ListExecutionsCommand) {
      if (command.input.stateMachineArn === 'arn:none')
        throw new StateMachineDoesNotExist({ $metadata: {}, message: '' });
      const from = Number(command.input.nextToken ?? 0);
      const names = Array.from({ length: count }, (_, index) => index).slice(from, from + 2);
      return {
        executions: names.map((index) => ({
          executionArn: `arn:${index}`,
          name: `${index}`,
          startDate: new Date(NOW - index * 1_000),
        })),
        ...(from + 2 < count && { nextToken: String(from + 2) }),
      };
    }
    if (command instanceof DescribeExecutionCommand) {
      const name = String(command.input.executionArn).slice(4);
      described.push(name);
      return {
        name,
        status: 'SUCCEEDED',
        startDate: new Date(NOW),
        stopDate: new Date(NOW + 1),
        ...describe(name),
      };
    }
    if (command instanceof GetExecutionHistoryCommand) {
      if (command.input.executionArn === 'arn:none')
        throw new ExecutionDoesNotExist({ $metadata: {}, message: '' });
      expect(command.input.reverseOrder).toBeUndefined();
      return {
        events: [
          { stateExitedEventDetails: { output: '{"first":1}' } },
          { taskScheduledEventDetails: {} },
          { stateExitedEventDetails: { output: '{"cut off' } },
          { stateExitedEventDetails: { output: '{"second":2}' } },
        ],
      };
    }
    throw new Error('another call');
  };
  return { reader: new ExecutionReader({ send } as never), described };
}

async function all(executions: AsyncIterable<SeenExecution>): Promise<SeenExecution[]> {
  const found: SeenExecution[] = [];
  for await (const execution of executions) found.push(execution);
  return found;
}

test('all pages are read until one began too early, and only what is wanted is asked for', async () => {
  const { reader, described } = readerOf(9);
  const found = await all(reader.since('arn:m', NOW - 5_000, (name) => name !== '1', signal));
  expect(found.map(({ name }) => name)).toEqual(['0', '2', '3', '4', '5']);
  expect(described).toEqual(['0', '2', '3', '4', '5']);
});

test('what is over is asked for once, what runs each time', async () => {
  const { reader, described } = readerOf(2, (name) =>
    name === '0' ? { status: 'RUNNING', stopDate: undefined } : {},
  );
  const [running] = await all(reader.since('arn:m', 0, () => true, signal));
  expect(running).not.toHaveProperty('endedAtMs');
  await all(reader.since('arn:m', 0, () => true, signal));
  expect(described).toEqual(['0', '1', '0']);
});

test('an end without an error of its own has the name that AWS gives it in a workflow', async () => {
  const { reader } = readerOf(
    3,
    (name) =>
      [{ error: 'Named', status: 'FAILED' }, { status: 'TIMED_OUT' }, { status: 'ABORTED' }][Number(name)] ??
      {},
  );
  const found = await all(reader.since('arn:m', 0, () => true, signal));
  expect(found.map(({ errorName }) => errorName)).toEqual(['Named', 'States.Timeout', 'States.ABORTED']);
});

test('what is not there has no executions and no outputs', async () => {
  const { reader } = readerOf(3);
  expect(await all(reader.since('arn:none', 0, () => true, signal))).toEqual([]);
  expect(await reader.firstOutputs('arn:none', signal)).toEqual([]);
});

test('outputs come newest first, without those that AWS has cut off', async () => {
  expect(await readerOf(0).reader.firstOutputs('arn:x', signal)).toEqual([{ second: 2 }, { first: 1 }]);
});
