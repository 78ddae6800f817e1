import { timelineOfExecution } from '../../../../cli/timeline/execution-timeline.ts';
import {
  describedExecution,
  EXECUTION_STARTED_AT_MS,
  HistoryWriter,
  workerDone,
} from '../../../support/aws/execution-history.ts';
import { plannedFile } from '../../../support/step-rig.ts';

const FILE = plannedFile(8_000_000);
const PLAN = { chunk_size_bytes: 5_242_880, chunk_count: 2, max_concurrency: 8, segments: [] };
/** One chunk each. */
const SEGMENTS = [1, 2].map((number) => ({
  segment_number: number,
  next_chunk: number,
  last_chunk: number,
  workers_left: 1,
}));
const NOW_MS = EXECUTION_STARTED_AT_MS + 60_000;

/** Up to the Map: both segments are entered and called. Returns the numbers of the two calls' events. */
function beginTransfer(history: HistoryWriter): { calls: [number, number]; map: number } {
  const started = history.add(0, 0, { type: 'ExecutionStarted' });
  const metadata = history.enter(10, started, 'GetFileMetadata', { request: {} });
  const lost = history.fail(1_010, history.call(20, metadata), 'SftpConnectionError', 'the line went dead');
  const found = history.succeed(3_000, history.call(2_000, lost), FILE);
  const leftMetadata = history.add(3_001, found, { type: 'TaskStateExited' });
  const planning = history.enter(3_010, leftMetadata, 'CreateFileChunks');
  const planned = history.succeed(3_050, history.call(3_012, planning), PLAN);
  const leftPlanning = history.add(3_051, planned, { type: 'TaskStateExited' });
  const starting = history.enter(3_060, leftPlanning, 'StartMultipartUpload');
  const scheduled = history.add(3_061, starting, { type: 'TaskScheduled' });
  const upload = history.add(3_200, history.add(3_062, scheduled, { type: 'TaskStarted' }), {
    type: 'TaskSucceeded',
    taskSucceededEventDetails: {
      resourceType: 'aws-sdk:s3',
      resource: 'createMultipartUpload',
      output: '{}',
    },
  });
  const leftStarting = history.add(3_201, upload, { type: 'TaskStateExited' });
  const map = history.add(3_210, leftStarting, { type: 'MapStateStarted' });
  const calls = SEGMENTS.map((segment) => {
    const iteration = history.add(3_300, map, { type: 'MapIterationStarted' });
    return history.call(3_320, history.enter(3_310, iteration, 'DownloadSegment', { segment, file: FILE }));
  }) as [number, number];
  return { calls, map };
}

test('a transfer that succeeded, with one retry on the way', () => {
  const history = new HistoryWriter();
  const { calls, map } = beginTransfer(history);
  const segment2 = history.succeed(5_000, calls[1], workerDone(2, EXECUTION_STARTED_AT_MS + 3_400, 1_500));
  history.add(5_001, segment2, { type: 'TaskStateExited' });
  history.succeed(6_000, calls[0], workerDone(1, EXECUTION_STARTED_AT_MS + 3_400, 2_500));
  const mapped = history.add(6_010, map, { type: 'MapStateSucceeded' });
  const completing = history.enter(6_020, mapped, 'CompleteUpload');
  const object = { bucket: FILE.bucket, key: FILE.key, size_bytes: 8_000_000, etag: '"e-2"', parts: 2 };
  const proved = { ...object, checksum_crc64nvme: 'rosUhgp5mIg=', version_id: 'v1' };
  history.succeed(7_000, history.call(6_030, completing), proved);

  const timeline = timelineOfExecution(describedExecution(7_100, {}), history.events, NOW_MS);

  const at = (ms: number) => EXECUTION_STARTED_AT_MS + ms;
  expect(timeline).toEqual({
    executionId: 'arn:aws:states:eu-central-1:123456789012:execution:sftp-to-s3-acme:nightly',
    ranOn: 'AWS Step Functions',
    status: 'SUCCEEDED',
    requestedPath: 'big.zip',
    input: { sftp_file_path: 'big.zip' },
    startedAtMs: at(0),
    endedAtMs: at(7_100),
    file: {
      path: '/outbound/big.zip',
      sizeBytes: 8_000_000,
      modifiedAt: '2023-11-14T22:13:20.000Z',
      maxReadBytes: 32_768,
      bucket: 'landing',
      key: 'acme/outbound/big.zip',
      ifExists: 'replace',
    },
    plan: { chunkSizeBytes: 5_242_880, maxConcurrency: 8, chunkCount: 2 },
    object: { etag: '"e-2"', checksumCrc64Nvme: 'rosUhgp5mIg=', versionId: 'v1' },
    steps: [
      {
        step: 'GetFileMetadata',
        startedAtMs: at(20),
        endedAtMs: at(1_010),
        outcome: 'failed',
        error: { name: 'SftpConnectionError', message: 'the line went dead' },
      },
      { step: 'GetFileMetadata', startedAtMs: at(2_000), endedAtMs: at(3_000), outcome: 'succeeded' },
      { step: 'CreateFileChunks', startedAtMs: at(3_012), endedAtMs: at(3_050), outcome: 'succeeded' },
      { step: 'StartMultipartUpload', startedAtMs: at(3_061), endedAtMs: at(3_200), outcome: 'succeeded' },
      { step: 'CompleteUpload', startedAtMs: at(6_030), endedAtMs: at(7_000), outcome: 'succeeded' },
    ],
    segments: [6_000, 5_000].map((endMs, index) => ({
      number: index + 1,
      workers: [
        {
          step: 'DownloadSegment',
          startedAtMs: at(3_320),
          endedAtMs: at(endMs),
          outcome: 'succeeded',
          logins: 1,
          reconnects: 0,
        },
      ],
    })),
    chunks: [
      {
        number: 1,
        segmentNumber: 1,
        startByte: 0,
        sizeBytes: 5_242_880,
        startedAtMs: at(3_400),
        endedAtMs: at(5_900),
        waits: { sftpMs: 1_875, s3Ms: 625 },
      },
      {
        number: 2,
        segmentNumber: 2,
        startByte: 5_242_880,
        sizeBytes: 2_757_120,
        startedAtMs: at(3_400),
        endedAtMs: at(4_900),
        waits: { sftpMs: 1_125, s3Ms: 375 },
      },
    ],
  });
});

test('a segment fails for good: the other one is cancelled when the Map fails, and the first error is told', () => {
  const history = new HistoryWriter();
  const { calls, map } = beginTransfer(history);
  history.fail(4_000, calls[0], 'SourceChangedError', 'the file shrank');
  history.add(4_100, map, { type: 'MapStateFailed' });
  history.succeed(4_500, history.call(4_200, history.enter(4_150, map, 'AbortUpload')), {
    aborted_uploads: 1,
  });
  const cause = JSON.stringify({ errorType: 'SourceChangedError', errorMessage: 'the file shrank' });

  const timeline = timelineOfExecution(
    describedExecution(4_600, { status: 'FAILED', error: 'SourceChangedError', cause }),
    history.events,
    NOW_MS,
  );

  expect(timeline).toMatchObject({
    status: 'FAILED',
    failure: { name: 'SourceChangedError', cause: 'the file shrank' },
    segments: [
      { workers: [{ outcome: 'failed', error: { name: 'SourceChangedError' } }] },
      { workers: [{ outcome: 'cancelled', endedAtMs: EXECUTION_STARTED_AT_MS + 4_100 }] },
    ],
    chunks: [],
  });
  expect(timeline.steps.at(-1)).toMatchObject({ step: 'AbortUpload', outcome: 'succeeded' });
});

test('a stopped execution cancels what ran', () => {
  const history = new HistoryWriter();
  beginTransfer(history);
  history.add(9_000, 0, { type: 'ExecutionAborted' });

  const timeline = timelineOfExecution(
    describedExecution(9_000, { status: 'ABORTED' }),
    history.events,
    NOW_MS,
  );

  expect(timeline).not.toHaveProperty('failure');
  expect(timeline.segments.map(({ workers }) => workers)).toMatchObject([
    [{ outcome: 'cancelled', endedAtMs: EXECUTION_STARTED_AT_MS + 9_000 }],
    [{ outcome: 'cancelled', endedAtMs: EXECUTION_STARTED_AT_MS + 9_000 }],
  ]);
});

test('what still runs runs until now', () => {
  const history = new HistoryWriter();
  beginTransfer(history);

  const timeline = timelineOfExecution(
    describedExecution(undefined, { status: 'RUNNING' }),
    history.events,
    NOW_MS,
  );

  expect(timeline).toMatchObject({ status: 'RUNNING', endedAtMs: NOW_MS });
  expect(timeline.segments[0]?.workers).toMatchObject([{ outcome: 'running', endedAtMs: NOW_MS }]);
});

test('a call that ran out of its time, and one that was turned away, are failures by name', () => {
  const history = new HistoryWriter();
  const { calls } = beginTransfer(history);
  const timedOut = history.add(9_000, calls[0], {
    type: 'LambdaFunctionTimedOut',
    lambdaFunctionTimedOutEventDetails: {},
  });
  const scheduled = history.add(9_500, timedOut, { type: 'LambdaFunctionScheduled' });
  history.add(9_510, scheduled, {
    type: 'LambdaFunctionScheduleFailed',
    lambdaFunctionScheduleFailedEventDetails: {
      error: 'Lambda.TooManyRequestsException',
      cause: 'Rate Exceeded.',
    },
  });

  const { segments } = timelineOfExecution(
    describedExecution(undefined, { status: 'RUNNING' }),
    history.events,
    NOW_MS,
  );

  expect(segments[0]?.workers.map(({ error }) => error)).toEqual([
    { name: 'States.Timeout', message: '' },
    { name: 'Lambda.TooManyRequestsException', message: 'Rate Exceeded.' },
  ]);
});

test('a history without its data still gives the times', () => {
  const history = new HistoryWriter();
  beginTransfer(history);
  const events = history.events.map((event) =>
    event.type === 'TaskStateEntered'
      ? { ...event, stateEnteredEventDetails: { name: event.stateEnteredEventDetails?.name } }
      : { ...event, lambdaFunctionSucceededEventDetails: undefined },
  );

  const timeline = timelineOfExecution(
    describedExecution(undefined, { status: 'RUNNING', input: undefined }),
    events,
    NOW_MS,
  );

  expect(timeline).not.toHaveProperty('file');
  expect(timeline.steps.map(({ step }) => step)).toContain('GetFileMetadata');
});
