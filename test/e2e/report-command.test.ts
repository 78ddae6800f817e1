import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  describedExecution,
  EXECUTION_STARTED_AT_MS,
  HistoryWriter,
  workerDone,
} from '../support/aws/execution-history.ts';
import { type FakeStepFunctions, startFakeStepFunctions } from '../support/aws/fake-step-functions.ts';
import { runCommand } from '../support/command-line.ts';
import { plannedFile } from '../support/step-rig.ts';

const CREDENTIALS = { AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' };
const CHUNKS = 3;

let folder: string;
let stepFunctions: FakeStepFunctions;
const cause = JSON.stringify({ errorType: 'SourceChangedError', errorMessage: 'big.zip shrank' });
const execution = describedExecution(9_000, { status: 'FAILED', error: 'SourceChangedError', cause });
const arn = String(execution.executionArn);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sftp-to-s3-report-'));
  const history = new HistoryWriter();
  const entered = history.enter(10, history.add(0, 0, { type: 'ExecutionStarted' }), 'GetFileMetadata');
  history.succeed(500, history.call(20, entered), plannedFile(12_000_000));
  const plan = { chunk_size_bytes: 5_242_880, chunk_count: CHUNKS, max_concurrency: 8, segments: [] };
  history.succeed(600, history.call(520, history.enter(510, 0, 'CreateFileChunks')), plan);
  for (let number = 1; number <= CHUNKS; number += 1) {
    const segment = { segment_number: number, next_chunk: number, last_chunk: number, workers_left: 1 };
    const call = history.call(1_000, history.enter(990, 0, 'DownloadSegment', { segment }));
    if (number === CHUNKS) history.fail(8_000, call, 'SourceChangedError', 'big.zip shrank');
    else history.succeed(2_000, call, workerDone(number, EXECUTION_STARTED_AT_MS + 1_000, 1_000));
  }
  stepFunctions = await startFakeStepFunctions();
  stepFunctions.stateMachines.push(String(execution.stateMachineArn));
  stepFunctions.executions.push({ description: execution, events: history.events });
});

afterAll(async () => {
  await stepFunctions?.close();
  await rm(folder, { recursive: true, force: true });
});

test.each([
  ['an execution', arn],
  ["a partner's newest execution", 'acme'],
])('report writes a page about %s, from all pages of its history', async (_name, target) => {
  const file = join(folder, 'report.html');

  const result = await runCommand(
    ['report', target, '--output', file, '--endpoint-url', stepFunctions.endpoint],
    CREDENTIALS,
  );

  expect(result).toMatchObject({ exitCode: 0, stdout: `Report: ${file}\n`, stderr: '' });
  const page = await readFile(file, 'utf8');
  expect(page.match(/<g id="segment-\d">/g)).toHaveLength(3);
  expect(page.match(/<g id="chunk-\d">/g)).toHaveLength(2);
  expect(page).toContain('big.zip shrank');
  expect(page).toContain('2 of 3');
});

test('an execution that is not known is a usage error', async () => {
  const result = await runCommand(
    [
      'report',
      `${arn}-other`,
      '--output',
      join(folder, 'none.html'),
      '--endpoint-url',
      stepFunctions.endpoint,
    ],
    CREDENTIALS,
  );

  expect(result.exitCode).toBe(2);
  expect(result.stderr).toContain('Execution Does Not Exist');
});

test.each([
  ['no output', ['report', arn], '--output'],
  [
    'an unknown partner',
    ['report', 'nightly', '--output', '/dev/null'],
    'is not a partner of config/example.json',
  ],
  [
    'a file that cannot be written',
    ['report', arn, '--output', '/dev/null/x'],
    'the report cannot be written',
  ],
])('%s is a usage error', async (_name, args, reason) => {
  const result = await runCommand([...args, '--endpoint-url', stepFunctions.endpoint], CREDENTIALS);

  expect(result.exitCode).toBe(2);
  expect(result.stderr).toContain(reason);
});
