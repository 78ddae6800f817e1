import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import validate from 'asl-validator';
import { findTasks, loadWorkflow, type WorkflowState } from '../../local/workflow-definition.ts';
import type { PlannedTransfer } from '../../transfer/contracts.ts';
import { describeSource } from '../../transfer/object-metadata.ts';
import { MAX_CHUNKS, MAX_FILE_SIZE_BYTES, planChunks } from '../../transfer/plan-chunks.ts';

const LAMBDAS = join(import.meta.dirname, '../../lambdas');

const workflow = loadWorkflow();
const tasks = findTasks(workflow);
const steps = readdirSync(LAMBDAS).filter((name) => name !== 'shared');
const pascalCase = (name: string): string =>
  name.replace(/(?:^|-)(.)/g, (_, letter: string) => letter.toUpperCase());

test('the validator finds nothing', () => {
  const { isValid, errorsText } = validate(loadWorkflow() as never);
  expect(isValid ? '' : errorsText('\n')).toBe('');
});

test('every step is the same verb and noun as folder, state and placeholder', () => {
  const lambdaTasks = tasks.filter(({ state }) => state.Resource?.startsWith('${'));

  expect(lambdaTasks.map(({ name, state }) => [name, state.Resource]).sort()).toEqual(
    steps.map((step) => [pascalCase(step), `\${${pascalCase(step)}FunctionArn}`]).sort(),
  );
});

test('placeholders stand only as whole string values', () => {
  const withPlaceholder = JSON.stringify(workflow).match(/"[^"]*\$\{[^"]*"/g) ?? [];
  expect(withPlaceholder).toHaveLength(7);
  for (const text of withPlaceholder) expect(text).toMatch(/^"\$\{[A-Za-z]+\}"$/);
});

test('lost connections are retried through an outage of several minutes', () => {
  const download = tasks.find(({ name }) => name === 'DownloadChunk')?.state;
  const retry = download?.Retry?.find(({ ErrorEquals }) => ErrorEquals.includes('SftpConnectionError')) as
    | { IntervalSeconds: number; MaxAttempts: number; BackoffRate: number; MaxDelaySeconds: number }
    | undefined;
  let longestWaitSeconds = 0;
  for (let attempt = 0; attempt < (retry?.MaxAttempts ?? 0); attempt += 1) {
    const { BackoffRate = 0, IntervalSeconds = 0, MaxDelaySeconds = 0 } = retry ?? {};
    longestWaitSeconds += Math.min(IntervalSeconds * BackoffRate ** attempt, MaxDelaySeconds);
  }
  // Full jitter waits half of this on average.
  expect(longestWaitSeconds / 2).toBeGreaterThan(5 * 60);
});

test('every task ends by itself', () => {
  for (const { name, state } of tasks)
    expect([name, state.TimeoutSeconds]).toEqual([name, expect.any(Number)]);
});

test('every failure path gives the sessions back, and removes the upload before that once it exists', () => {
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
    DownloadChunks: 'AbortUpload',
    CompleteUpload: 'AbortUpload',
    AbortUpload: 'ReleaseSessions',
    ReleaseSessions: 'TransferLanded',
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

test('the largest plan stays within a payload, below 200,000 bytes', () => {
  const path = `/${'ä'.repeat(2_047)}`;
  const file: PlannedTransfer = {
    path,
    size_bytes: MAX_FILE_SIZE_BYTES,
    modified_at: '2026-11-22T00:00:00.000Z',
    max_read_bytes: 261_120,
    bucket: 'b'.repeat(63),
    key: 'k'.repeat(1_024),
    chunk_size_bytes: 5_368_709_120,
    max_concurrency: 40,
    if_exists: 'replace',
    object_metadata: describeSource({
      serverUrl: 'sftp://partner.example.com:22',
      path: '/p',
      sizeBytes: MAX_FILE_SIZE_BYTES,
      modifiedAt: '2026-11-22T00:00:00.000Z',
      executionId: 'e'.repeat(300),
      transferId: '0'.repeat(36),
    }),
  };
  const plan = planChunks({
    sizeBytes: file.size_bytes,
    chunkSizeBytes: file.chunk_size_bytes,
    maxConcurrency: 40,
  });
  const request = { sftp_file_path: path, target_s3_bucket: file.bucket, target_s3_key: file.key };
  const sessions = { granted: 40, wanted: 40, ahead: 0, wait_seconds: 0 };
  const largestState = { request, sessions, file, plan, upload: { upload_id: 'u'.repeat(300) } };

  expect(plan.chunk_count).toBe(MAX_CHUNKS);
  expect(Buffer.byteLength(JSON.stringify(largestState))).toBeLessThan(200_000);
});

test('the largest plan stays within an execution history, below 20,000 events', () => {
  // An iteration: MapIterationStarted, TaskStateEntered, LambdaFunctionScheduled, LambdaFunctionStarted,
  // LambdaFunctionSucceeded, TaskStateExited, MapIterationSucceeded.
  const eventsPerIteration = 7;
  // A task outside the Map has five; the Map itself four, the execution two, the Succeed state two, the Pass and the
  // Choice states two each.
  const otherEvents = 5 * tasks.length + 14;

  expect(MAX_CHUNKS * eventsPerIteration + otherEvents).toBeLessThan(20_000);
});
