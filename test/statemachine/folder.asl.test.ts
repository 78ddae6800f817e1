import validate from 'asl-validator';
import { FOLDER_STEPS, stateName } from '../../infra/steps.ts';
import { findTasks, loadWorkflow, type WorkflowState } from '../../local/workflow-definition.ts';

const workflow = loadWorkflow('folder');
const { States: states } = workflow;

// biome-ignore lint/suspicious/noTemplateCurlyInString: a placeholder of the workflow file
const STATE_BUCKET = '${StateBucket}';

test('the validator finds nothing', () => {
  const { isValid, errorsText } = validate(loadWorkflow('folder') as never);
  expect(isValid ? '' : errorsText('\n')).toBe('');
});

test('every function is a step of folder runs, or shares the sessions', () => {
  const called = findTasks(workflow).flatMap(({ name, state }) =>
    state.Resource?.startsWith('${') ? [name] : [],
  );
  const expected = [...FOLDER_STEPS.map(stateName), 'ReserveSessions', 'ReleaseSessions'];
  expect(called.sort()).toEqual(expected.sort());
});

test('placeholders stand only as whole string values', () => {
  for (const text of JSON.stringify(workflow).match(/"[^"]*\$\{[^"]*"/g) ?? [])
    expect(text).toMatch(/^"\$\{[A-Za-z]+\}"$/);
});

test('every task ends by itself', () => {
  for (const { name, state } of findTasks(workflow))
    expect([name, state.TimeoutSeconds]).toEqual([name, expect.any(Number)]);
});

test.each(['CopySmallFiles', 'CopyLargeFiles'])(
  '%s reads its items from S3, writes its results there, and stops for no failure of one',
  (name) => {
    expect(states[name]).toMatchObject({
      ToleratedFailurePercentage: 100,
      ItemReader: { ReaderConfig: { InputType: 'JSONL' }, Parameters: { Bucket: STATE_BUCKET } },
      ResultWriter: { Parameters: { Bucket: STATE_BUCKET } },
      ItemProcessor: { ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' } },
    });
  },
);

test('batches run at most as many at a time as sessions were granted', () => {
  expect(states.CopySmallFiles).toMatchObject({ MaxConcurrencyPath: '$.sessions.granted' });
});

test('no state that opens sessions is entered but after they were granted', () => {
  const entrances = (target: string) =>
    Object.entries(states)
      .filter(([, state]) => JSON.stringify(state).includes(`"Next":"${target}"`))
      .map(([name]) => name);
  expect(entrances('WhichPhase')).toEqual(['SessionsGranted']);
  expect(JSON.stringify(states.WhichPhase)).toContain('"Default":"ListFolder"');
  for (const name of ['ListFolder', 'CopySmallFiles']) {
    expect([name, entrances(name)]).toEqual([name, name === 'ListFolder' ? [] : ['WhichPhase']]);
  }
  // Its transfers reserve their own.
  expect(entrances('CopyLargeFiles')).toEqual(['SessionsReleased']);
});

test('every failure gives the sessions back, and is announced before the run fails by its name', () => {
  const nextOnFailure = (state: WorkflowState | undefined): string | undefined =>
    state?.Catch?.find(({ ErrorEquals }) => ErrorEquals.includes('States.ALL'))?.Next;
  const paths = Object.entries(states)
    .filter(([, { Type }]) => Type === 'Task' || Type === 'Map')
    .map(([name, state]) => [name, nextOnFailure(state)]);
  expect(Object.fromEntries(paths)).toEqual({
    ReserveSessions: 'ReleaseSessions',
    ListFolder: 'ReleaseSessions',
    CopySmallFiles: 'ReleaseSessions',
    CopyLargeFiles: 'ReleaseSessions',
    ReleaseSessions: 'SessionsReleased',
    SettleSource: 'PlanSummary',
    SummariseRun: 'AnnounceFailure',
    AnnounceRun: 'RunSucceeded',
    AnnounceFailure: 'RunFailed',
  });
  expect(states.SessionsReleased).toMatchObject({
    Choices: expect.arrayContaining([{ Variable: '$.error', IsPresent: true, Next: 'AnnounceFailure' }]),
  });
});

test('a failed transfer ends its claim as a landed one does', () => {
  const transfer = states.CopyLargeFiles?.ItemProcessor?.States.TransferFile;
  expect(transfer?.Next).toBe('CommitFile');
  expect(transfer?.Catch?.map(({ Next }) => Next)).toEqual(['CommitFile']);
});
