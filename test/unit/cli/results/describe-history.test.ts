import {
  historyAsJson,
  historyForPeople,
  summarizeHistory,
} from '../../../../cli/results/describe-history.ts';
import { timelineOfExecution } from '../../../../cli/timeline/execution-timeline.ts';
import { describedExecution, HistoryWriter, writeTransfer } from '../../../support/aws/execution-history.ts';

const MIB = 1_048_576;

function failedTransfer() {
  const history = new HistoryWriter();
  const endMs = writeTransfer(history, {
    chunkSizeBytes: 50 * MIB,
    chunkCount: 20,
    chunkMs: 1_000,
    landed: 7,
    failures: {
      2: [{ error: 'SftpConnectionError', message: 'reset' }],
      4: [
        { error: 'SftpConnectionError', message: 'refused' },
        { error: 'SftpStalledError', message: 'silent' },
      ],
    },
    ending: 'failed',
  });
  const cause = JSON.stringify({ errorType: 'SourceChangedError', errorMessage: 'big.zip shrank' });
  const execution = describedExecution(endMs, { status: 'FAILED', error: 'SourceChangedError', cause });
  return timelineOfExecution(execution, history.events, 0);
}

test('failed attempts are counted by name, the most frequent first, each with its last cause', () => {
  expect(summarizeHistory(failedTransfer()).errors).toEqual([
    { name: 'SftpConnectionError', times: 2, lastCause: 'refused' },
    { name: 'SftpStalledError', times: 1, lastCause: 'silent' },
    { name: 'SourceChangedError', times: 1, lastCause: 'big.zip shrank' },
  ]);
});

test('the slowest chunks come first', () => {
  const { slowest } = summarizeHistory(failedTransfer());

  expect(slowest.map(({ chunk }) => chunk.number)).toEqual([1, 2, 3, 4, 5]);
  expect(slowest[0]).toMatchObject({ startedAtMs: expect.any(Number), seconds: 1 });
});

test('as JSON', () => {
  expect(historyAsJson(failedTransfer())).toMatchObject({
    status: 'FAILED',
    path: '/outbound/big.zip',
    size_bytes: 1_000 * MIB,
    chunks: 20,
    chunks_landed: 7,
    bytes_landed: 350 * MIB,
    retries: 3,
    error: 'SourceChangedError',
    cause: 'big.zip shrank',
    steps: [
      { step: 'GetFileMetadata', outcome: 'succeeded', seconds: 0.48 },
      { step: 'CreateFileChunks', outcome: 'succeeded' },
      { step: 'StartMultipartUpload', outcome: 'succeeded' },
      { step: 'AbortUpload', outcome: 'succeeded' },
    ],
    errors: [{ name: 'SftpConnectionError', times: 2, last_cause: 'refused' }, {}, {}],
    slowest_chunks: [
      {
        chunk_number: 1,
        segment_number: 1,
        seconds: 1,
        sftp_seconds: 0.75,
        s3_seconds: 0.25,
        size_bytes: 50 * MIB,
      },
      {},
      {},
      {},
      {},
    ],
  });
});

test('for people', () => {
  const text = historyForPeople(failedTransfer());

  expect(text).toContain('1000.0 MiB, 20 chunks of 50.0 MiB, 8 at a time');
  expect(text).toContain('Failed: SourceChangedError after 12.6 s (7 of 20 chunks, 3 retries)');
  expect(text).toMatch(/^SftpConnectionError {2}2 {6}refused$/m);
  expect(text).toMatch(/^4 +4 .*0\.75 s +0\.25 s$/m);
});

test('an execution that has done nothing yet', () => {
  const timeline = timelineOfExecution(describedExecution(undefined, { status: 'RUNNING' }), [], 0);

  expect(historyForPeople(timeline)).toContain('No attempt failed.');
  expect(historyAsJson(timeline)).toMatchObject({ status: 'RUNNING', path: 'big.zip', slowest_chunks: [] });
});
