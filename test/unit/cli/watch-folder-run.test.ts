import { jest } from '@jest/globals';
import { AwsCallError } from '../../../cli/deployed/aws-call-error.ts';
import { watchFolderRun } from '../../../cli/watch-folder-run.ts';
import { describedExecution, HistoryWriter } from '../../support/aws/execution-history.ts';
import { MemoryExecutions } from '../../support/aws/memory-executions.ts';

afterEach(() => jest.restoreAllMocks());

test('a look that AWS does not answer is told, and the run is followed all the same', async () => {
  const stderr: string[] = [];
  jest.spyOn(process.stderr, 'write').mockImplementation((text) => Boolean(stderr.push(String(text))));
  jest.spyOn(process.stdout, 'write').mockImplementation(() => true);
  const history = new HistoryWriter();
  const listed = history.enter(1_000, 0, 'ListFolder');
  history.add(2_000, history.enter(2_000, listed, 'SummariseRun'), { type: 'ExecutionSucceeded' });
  const executions = new MemoryExecutions();
  const input = JSON.stringify({ folder: 'daily' });
  executions.description = describedExecution(undefined, { status: 'RUNNING', input });
  executions.events = history.events.slice(0, 1);
  const calls: string[] = [];
  executions.onCall = (call) => {
    calls.push(call);
    if (calls.length === 3 || calls.length === 5) throw new AwsCallError(`${call} is throttled`, true);
    if (calls.length !== 4) return;
    executions.events = history.events;
    executions.description = describedExecution(2_000, { status: 'SUCCEEDED', input });
  };

  const options = { intervalMs: 1, json: true, progressInterval: 0, watchAgain: 'watch', stop: 'stop' };
  expect(await watchFolderRun('arn', executions, options, new AbortController().signal)).toBe(0);

  expect(calls).toEqual([
    'describe',
    'newestEvents',
    'newestEvents',
    'newestEvents',
    'describe',
    ...calls.slice(5),
  ]);
  expect(stderr).toEqual([
    'ListFolder\n',
    'newestEvents is throttled; trying again\n',
    'describe is throttled; trying again\n',
    'SummariseRun\n',
  ]);
});
