import type { ExecutionStatus, HistoryEventType } from '@aws-sdk/client-sfn';
import { ACME, runAgainst, startDeployedPartners } from '../support/aws/deployed-partners.ts';
import { HistoryWriter } from '../support/aws/execution-history.ts';
import type { FakeExecution, FakeStepFunctions } from '../support/aws/fake-step-functions.ts';

const FOLDERS = `${ACME}-folders`;
const STATES = ['ListFolder', 'WaitForQuiet', 'ListFolderAgain', 'CopyBatches', 'SummariseRun'];
const STARTED_AT = new Date('2026-11-25T06:00:00Z');
const END_EVENTS: Partial<Record<ExecutionStatus, HistoryEventType>> = {
  SUCCEEDED: 'ExecutionSucceeded',
  FAILED: 'ExecutionFailed',
  ABORTED: 'ExecutionAborted',
};
const SUMMARY = {
  listed: 9,
  copied: 4,
  already_landed: 3,
  not_ready: 2,
  failed: 0,
  bytes: 5_242_880,
  sources_left: 1,
};

let aws: FakeStepFunctions;
beforeEach(async () => {
  aws = await startDeployedPartners();
  aws.stateMachines.push(FOLDERS);
});
afterEach(() => aws.close());

const run = (args: string[], onStart?: Parameters<typeof runAgainst>[2]) => runAgainst(aws, args, onStart);

/** A run over the folder `daily` that has entered so many of its states. */
function folderRun(
  name: string,
  entered: number,
  ending: Partial<FakeExecution['description']> = {},
): FakeExecution {
  const history = new HistoryWriter();
  let last = history.add(0, 0, { type: 'ExecutionStarted' });
  for (const state of STATES.slice(0, entered)) last = history.enter(1_000, last, state);
  const ended = END_EVENTS[ending.status ?? 'RUNNING'];
  if (ended !== undefined) history.add(1_000, last, { type: ended });
  return {
    description: {
      executionArn: `${FOLDERS.replace(':stateMachine:', ':execution:')}:${name}`,
      stateMachineArn: FOLDERS,
      status: 'RUNNING',
      startDate: STARTED_AT,
      input: JSON.stringify({ folder: 'daily' }),
      ...ending,
    },
    events: history.events,
  };
}

const stopDate = new Date(STARTED_AT.getTime() + 90_000);
const SUCCEEDED = { status: 'SUCCEEDED' as const, stopDate, output: JSON.stringify(SUMMARY) };
const watch = (...more: string[]) => ['watch', 'acme', '--folders', '--interval', '0.1', ...more];

test('watch shows each state once as the run enters it, and its summary at the end', async () => {
  const running = folderRun('one', 1);
  aws.executions.push(running);
  let looks = 0;
  aws.refuse = (action) => {
    if (action !== 'GetExecutionHistory') return undefined;
    looks += 1;
    if (looks === 3) running.events = folderRun('one', 3).events;
    if (looks === 4) Object.assign(running, folderRun('one', 5, SUCCEEDED));
    return undefined;
  };

  const result = await run(watch());
  expect(result.exitCode).toBe(0);
  expect(result.stderr.split('\n').filter((line) => STATES.includes(line))).toEqual(STATES);
  expect(result.stdout).toContain('Folder daily: 4 files landed (5.0 MiB) in 1 min 30 s');
  expect(result.stdout).toContain('3 had landed meanwhile, 2 not ready, 1 could not be moved or removed');
});

test('watch --json ends with one line: how it ended, and what was summed up', async () => {
  aws.executions.push(folderRun('one', 5, SUCCEEDED));
  const result = await run(watch('--json'));
  expect(result.json()).toMatchObject({ status: 'SUCCEEDED', folder: 'daily', seconds: 90, ...SUMMARY });
  expect(result.json()).not.toHaveProperty('error');
});

test('a run of which some files did not land exits with 1, and names the error in words', async () => {
  const cause = JSON.stringify({
    errorType: 'FolderPartlyFailedError',
    errorMessage: '2 of 6 files did not land',
  });
  const failed = { status: 'FAILED' as const, stopDate, error: 'FolderPartlyFailedError', cause };
  aws.executions.push(folderRun('one', 5, failed));
  const result = await run(watch('--json'));
  expect(result.exitCode).toBe(1);
  expect(result.json()).toMatchObject({
    status: 'FAILED',
    error: 'FolderPartlyFailedError',
    cause: '2 of 6 files did not land',
  });
  const told = await run(watch());
  expect(told.stdout).toContain(
    'Folder daily: FAILED after 1 min 30 s: FolderPartlyFailedError: 2 of 6 files',
  );
});

test('a run that was stopped is no success, though it has no error', async () => {
  aws.executions.push(folderRun('one', 2, { status: 'ABORTED', stopDate }));
  expect(await run(watch())).toMatchObject({
    exitCode: 1,
    stdout: 'Folder daily: ABORTED after 1 min 30 s.\n',
  });
});

test.each(['SIGINT', 'SIGTERM'] as const)(
  '%s detaches: the run goes on, and both commands are named',
  async (signal) => {
    const running = folderRun('one', 2);
    aws.executions.push(running);
    const looking = Promise.withResolvers<void>();
    aws.refuse = (action) => {
      if (action === 'GetExecutionHistory') looking.resolve();
      return undefined;
    };
    const result = await run(watch('--json'), (child) => {
      void looking.promise.then(() => child.kill(signal));
    });
    const arn = String(running.description.executionArn);
    expect(result.exitCode).toBe(130);
    expect(result.json()).toEqual({ status: 'UNKNOWN', execution: arn, detached: true });
    expect(result.stderr).toContain(`npx sftp-to-s3 watch ${arn} --endpoint-url ${aws.endpoint}\n`);
    expect(result.stderr).toContain(`npx sftp-to-s3 stop ${arn} --endpoint-url ${aws.endpoint}\n`);
    expect(aws.calls.some(({ action }) => action === 'StopExecution')).toBe(false);
  },
);

test('what AWS refuses for good ends watch with what it said; the run is not called failed', async () => {
  aws.executions.push(folderRun('one', 2));
  aws.refuse = (action) =>
    action === 'GetExecutionHistory'
      ? { status: 400, type: 'AccessDeniedException', message: 'not allowed' }
      : undefined;
  const result = await run(watch());
  expect(result.exitCode).toBe(4);
  expect(result.stderr).toContain('not allowed');
});

test('start --folder starts a run with what was given, and follows it', async () => {
  aws.onStart = ({ arn, input }) => {
    const started = folderRun('x', 5, SUCCEEDED);
    return { ...started, description: { ...started.description, executionArn: arn, input } };
  };
  const options = [
    '--run-date',
    '2026-11-24',
    '--only',
    'a.csv',
    '--only',
    'b/c.csv',
    '--limit',
    '3',
    '--force',
  ];
  const result = await run(['start', 'acme', '--folder', 'daily', ...options, '--json']);
  expect(result.exitCode).toBe(0);
  expect(result.json()).toMatchObject({ status: 'SUCCEEDED', folder: 'daily', copied: 4 });
  const [start] = aws.calls.filter(({ action }) => action === 'StartExecution');
  expect(start?.body.stateMachineArn).toBe(FOLDERS);
  expect(JSON.parse(String(start?.body.input))).toEqual({
    folder: 'daily',
    run_date: '2026-11-24',
    only: ['a.csv', 'b/c.csv'],
    force: true,
    limit: 3,
  });
});

test.each([
  ['a path beside the folder', ['/outbound/a.csv', '--folder', 'daily'], 'give a path or --folder, not both'],
  ['options of a folder without one', ['/outbound/a.csv', '--dry-run'], 'need --folder'],
  ['a date that is none', ['--folder', 'daily', '--run-date', '2026-02-30'], 'run_date'],
  ['a limit of nothing', ['--folder', 'daily', '--limit', '0'], '--limit'],
])('start refuses %s, and starts nothing', async (_name, args, words) => {
  const result = await run(['start', 'acme', ...args]);
  expect(result.exitCode).toBe(2);
  expect(result.stderr).toContain(words);
  expect(aws.calls.some(({ action }) => action === 'StartExecution')).toBe(false);
});

test('history shows the states of a run with when they were entered', async () => {
  aws.executions.push(folderRun('one', 5, SUCCEEDED));
  const result = await run(['history', 'acme', '--folders', '--json']);
  expect(result.exitCode).toBe(0);
  const { steps } = result.json() as { steps: { step: string }[] };
  expect(steps.map(({ step }) => step)).toEqual(STATES);
});
