import { HistoryReader } from '../../../../../cli/deployed/step-functions/history-reader.ts';
import { HistoryWriter, writeTransfer } from '../../../../support/aws/execution-history.ts';
import { MemoryExecutions } from '../../../../support/aws/memory-executions.ts';

const never = new AbortController().signal;
const ids = (events: readonly { id?: number | undefined }[]) => events.map(({ id }) => id);
const upTo = (last: number) => Array.from({ length: last }, (_, index) => index + 1);

function writtenExecution(chunkCount: number) {
  const history = new HistoryWriter();
  writeTransfer(history, { chunkSizeBytes: 5_242_880, chunkCount, chunkMs: 100 });
  const executions = new MemoryExecutions();
  executions.events = history.events;
  return { executions, reader: new HistoryReader(executions, 'arn'), history };
}

test('reads all pages of what is there, in the order of the events', async () => {
  const { executions, reader } = writtenExecution(3);
  executions.maxPage = 4;

  await expect(reader.update(never)).resolves.toBe(executions.events.length);

  expect(ids(reader.events)).toEqual(upTo(executions.events.length));
});

test('a look at a history of 14,000 events reads only what is new', async () => {
  const { executions, reader, history } = writtenExecution(2_000);
  expect(history.events.length).toBeGreaterThan(14_000);
  await reader.update(never);
  expect(executions.pageSizes).toHaveLength(15);
  history.add(1, 1, { type: 'TaskStateEntered' });
  history.add(1, 1, { type: 'LambdaFunctionScheduled' });
  executions.pageSizes.length = 0;

  await expect(reader.update(never)).resolves.toBe(2);

  expect(executions.pageSizes).toEqual([200]);
  expect(ids(reader.events.slice(-3))).toEqual(upTo(history.events.length).slice(-3));
});

test('more new events than a page holds are all read', async () => {
  const { executions, reader, history } = writtenExecution(1);
  await reader.update(never);
  for (let count = 0; count < 450; count += 1) history.add(1, 1, { type: 'TaskStateEntered' });

  await expect(reader.update(never)).resolves.toBe(450);

  expect(executions.pageSizes).toEqual([1_000, 200, 200, 200]);
  expect(ids(reader.events)).toEqual(upTo(history.events.length));
});

test('an endpoint that gives the whole history, oldest first, on one page is read as well', async () => {
  const { executions, reader, history } = writtenExecution(1);
  executions.newestEvents = async () => ({ events: [...history.events], nextToken: undefined });
  await reader.update(never);
  history.add(1, 1, { type: 'TaskStateEntered' });

  await expect(reader.update(never)).resolves.toBe(1);

  expect(ids(reader.events)).toEqual(upTo(history.events.length));
});

test('a look that fails between two pages changes nothing', async () => {
  const { executions, reader } = writtenExecution(3);
  executions.maxPage = 10;
  let calls = 0;
  executions.onCall = () => {
    calls += 1;
    if (calls === 2) throw new Error('line lost');
  };

  await expect(reader.update(never)).rejects.toThrow('line lost');
  expect(reader.events).toEqual([]);
  await reader.update(never);

  expect(ids(reader.events)).toEqual(upTo(executions.events.length));
});
