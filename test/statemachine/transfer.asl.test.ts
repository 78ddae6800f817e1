import validate from 'asl-validator';
import { STEPS } from '../../infra/steps.ts';
import { findTasks, loadWorkflow, type WorkflowState } from '../../local/workflow-definition.ts';
import { segmentSchema } from '../../transfer/contracts.ts';
import * as errors from '../../transfer/errors.ts';
import { PARTS_ARE_WORTHLESS_AFTER } from '../../transfer/keep-parts.ts';

const workflow = loadWorkflow();
const tasks = findTasks(workflow);
const pascalCase = (name: string): string =>
  name.replace(/(?:^|-)(.)/g, (_, letter: string) => letter.toUpperCase());

test('the validator finds nothing', () => {
  const { isValid, errorsText } = validate(loadWorkflow() as never);
  expect(isValid ? '' : errorsText('\n')).toBe('');
});

test('every step is the same verb and noun as folder, state and placeholder', () => {
  const lambdaTasks = tasks.filter(({ state }) => state.Resource?.startsWith('${'));

  // Whoever has lost the partner asks the function that has the partner's row, where sessions are asked for.
  const [awaiting, others] = [true, false].map((isAwaiting) =>
    lambdaTasks.filter(({ name }) => name.startsWith('AwaitPartner') === isAwaiting),
  );
  expect(awaiting?.map(({ name, state }) => [name, state.Resource]).sort()).toEqual([
    ['AwaitPartner', `\${ReserveSessionsFunctionArn}`],
    ['AwaitPartnerOfSegment', `\${ReserveSessionsFunctionArn}`],
  ]);
  expect(others?.map(({ name, state }) => [name, state.Resource]).sort()).toEqual(
    STEPS.map((step) => [pascalCase(step), `\${${pascalCase(step)}FunctionArn}`]).sort(),
  );
});

test('placeholders stand only as whole string values', () => {
  const withPlaceholder = JSON.stringify(workflow).match(/"[^"]*\$\{[^"]*"/g) ?? [];
  expect(withPlaceholder).toHaveLength(11);
  for (const text of withPlaceholder) expect(text).toMatch(/^"\$\{[A-Za-z]+\}"$/);
});

test('whoever loses the partner waits for it, and nobody else tries meanwhile', () => {
  const LOST = ['SftpConnectionError', 'SftpStalledError'];
  const inNetwork = tasks.filter(({ name }) =>
    ['GetFileMetadata', 'ResumeUpload', 'DownloadSegment', 'CompleteUpload'].includes(name),
  );
  expect(inNetwork).toHaveLength(4);
  for (const { name, state, insideMap } of inNetwork) {
    const retried = state.Retry?.flatMap(({ ErrorEquals }) => ErrorEquals) ?? [];
    expect([name, retried.filter((error) => LOST.includes(error))]).toEqual([name, []]);
    expect(state.Catch).toContainEqual({
      ErrorEquals: LOST,
      ResultPath: '$.lost',
      Next: insideMap ? 'AwaitPartnerOfSegment' : 'AwaitPartner',
    });
  }
});

test.each([
  ['', workflow, ['CompleteUpload', 'ResumeUpload', 'GetFileMetadata']],
  ['OfSegment', workflow.States.DownloadSegments?.ItemProcessor, ['DownloadSegment']],
])(
  'AwaitPartner%s: wait and ask again, try again, or fail with the error that it had',
  (suffix, definition, work) => {
    const states = definition?.States ?? {};
    const task = states[`AwaitPartner${suffix}`];
    expect(task).toMatchObject({ ResultPath: '$.waited', Next: `IsPartner${suffix}Awaited` });
    expect(states[`IsPartner${suffix}Awaited`]).toMatchObject({
      Choices: expect.arrayContaining([
        { Variable: '$.waited.gave_up', IsPresent: true, Next: `Partner${suffix}GivenUp` },
        { Variable: '$.waited.wait_seconds', NumericGreaterThan: 0, Next: `WaitForPartner${suffix}` },
      ]),
      Default: work.at(-1),
    });
    expect(states[`WaitForPartner${suffix}`]).toEqual({
      Type: 'Wait',
      SecondsPath: '$.waited.wait_seconds',
      Next: `AwaitPartner${suffix}`,
    });
  },
);

test('every task ends by itself', () => {
  for (const { name, state } of tasks)
    expect([name, state.TimeoutSeconds]).toEqual([name, expect.any(Number)]);
});

test('every failure path gives the sessions back, and removes or keeps the upload before that once it exists', () => {
  const nextOnFailure = (state: WorkflowState): string | undefined =>
    state.Catch?.find(({ ErrorEquals }) => ErrorEquals.includes('States.ALL'))?.Next;
  const paths = Object.entries(workflow.States)
    .filter(([, state]) => state.Type === 'Task' || state.Type === 'Map')
    .map(([name, state]) => [name, nextOnFailure(state)]);

  expect(Object.fromEntries(paths)).toEqual({
    ReserveSessions: 'ReleaseSessions',
    GetFileMetadata: 'ReleaseSessions',
    CreateFileChunks: 'ReleaseSessions',
    StartMultipartUpload: 'ReleaseSessions',
    // The kept upload stays what it was, and free for the next resume.
    ResumeUpload: 'ReleaseSessions',
    DownloadSegments: 'PartsAreKept',
    CompleteUpload: 'PartsAreKept',
    AwaitPartner: 'IsUploadPlanned',
    KeepParts: 'AbortUpload',
    AbortUpload: 'ReleaseSessions',
    ReleaseSessions: 'TransferLanded',
  });
  expect(workflow.States.PartnerGivenUp?.Next).toBe('IsUploadPlanned');
  expect(workflow.States.IsUploadPlanned).toMatchObject({
    Choices: [{ Variable: '$.plan', IsPresent: true, Next: 'PartsAreKept' }],
    Default: 'ReleaseSessions',
  });
  expect(workflow.States.AbortUpload?.Next).toBe('ReleaseSessions');
  expect(workflow.States.ReleaseSessions?.Next).toBe('TransferLanded');
  expect(workflow.States.TransferLanded).toMatchObject({
    Choices: [{ Variable: '$.object', IsPresent: true, Next: 'TransferSucceeded' }],
    Default: 'TransferFailed',
  });
  expect(workflow.States.TransferFailed).toEqual({
    Type: 'Fail',
    ErrorPath: '$.error.Error',
    CausePath: '$.error.Cause',
  });
});

test.each(['ResumeUpload', 'DownloadSegments', 'CompleteUpload'])(
  '%s: errors that say that source or target is another abort the upload at once',
  (name) => {
    const [first] = workflow.States[name]?.Catch ?? [];
    expect(first).toEqual({
      ErrorEquals: [...PARTS_ARE_WORTHLESS_AFTER],
      ResultPath: '$.error',
      Next: 'AbortUpload',
    });
    for (const error of PARTS_ARE_WORTHLESS_AFTER) expect(Object.keys(errors)).toContain(error);
  },
);

test('parts are kept only where the setting says so', () => {
  expect(workflow.States.PartsAreKept).toEqual({
    Type: 'Choice',
    Choices: [
      {
        And: [
          { Variable: '$.file.keep_parts_days', IsPresent: true },
          { Variable: '$.file.keep_parts_days', NumericGreaterThan: 0 },
        ],
        Next: 'KeepParts',
      },
    ],
    Default: 'AbortUpload',
  });
  // The first error stays the execution's, whatever becomes of the parts.
  expect(workflow.States.KeepParts?.Catch?.map(({ ResultPath }) => ResultPath)).toEqual(['$.keep_error']);
});

test('a kept upload takes the places of a new plan and a new upload, or makes room for them', () => {
  const { AdoptUpload, ContinueUpload, IsResumed, ResumeUpload, UploadResumed } = workflow.States;
  expect(workflow.States.GetFileMetadata?.Next).toBe('IsResumed');
  expect(IsResumed).toMatchObject({
    Choices: [{ Variable: '$.sessions.kept_upload', IsPresent: true, Next: 'AdoptUpload' }],
    Default: 'CreateFileChunks',
  });
  expect([AdoptUpload?.Next, ResumeUpload?.Next]).toEqual(['ResumeUpload', 'UploadResumed']);
  expect(UploadResumed).toMatchObject({
    Choices: [{ Variable: '$.resumed.upload', IsPresent: true, Next: 'ContinueUpload' }],
    Default: 'CreateFileChunks',
  });
  expect(ContinueUpload?.Next).toBe('DownloadSegments');
});

test('no state opens a session before they are granted, nor after they are given back', () => {
  expect(workflow.StartAt).toBe('KeepRequest');
  expect(workflow.States.KeepRequest?.Next).toBe('ReserveSessions');
  expect(workflow.States.ReserveSessions?.Next).toBe('SessionsGranted');
  expect(workflow.States.SessionsGranted).toMatchObject({
    Choices: [{ Variable: '$.sessions.granted', NumericGreaterThan: 0, Next: 'GetFileMetadata' }],
    Default: 'WaitForSessions',
  });
  expect(workflow.States.WaitForSessions).toMatchObject({
    SecondsPath: '$.sessions.wait_seconds',
    Next: 'ReserveSessions',
  });
});

test("AbortUpload's own failure does not replace the first error", () => {
  const catches = workflow.States.AbortUpload?.Catch ?? [];
  expect(catches.map(({ ResultPath }) => ResultPath)).toEqual(['$.abort_error']);
});

test('an item of the Map goes on with the next worker until nothing of its segment is left', () => {
  const item = workflow.States.DownloadSegments?.ItemProcessor;

  expect(item?.StartAt).toBe('DownloadSegment');
  expect(item?.States.DownloadSegment).toMatchObject({
    ResultPath: '$.segment',
    Next: 'IsSegmentDownloaded',
  });
  expect(item?.States.IsSegmentDownloaded).toEqual({
    Type: 'Choice',
    Choices: [{ Variable: '$.segment.next_chunk', IsNull: true, Next: 'SegmentDownloaded' }],
    Default: 'DownloadSegment',
  });
});

test('what the next worker needs is kept in the state, and nothing else of what a worker returns', () => {
  const task = workflow.States.DownloadSegments?.ItemProcessor?.States.DownloadSegment as
    | { ResultSelector?: Record<string, string> }
    | undefined;
  const kept = Object.keys(task?.ResultSelector ?? {}).map((key) => key.replace(/\.\$$/, ''));

  expect(kept.sort()).toEqual(Object.keys(segmentSchema.shape).sort());
});
