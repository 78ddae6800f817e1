import { timelineOfExecution } from '../../../../cli/timeline/execution-timeline.ts';
import { progressOf } from '../../../../cli/timeline/transfer-progress.ts';
import {
  describedExecution,
  EXECUTION_STARTED_AT_MS,
  HistoryWriter,
  type WrittenTransfer,
  writeTransfer,
} from '../../../support/aws/execution-history.ts';

const MIB = 1_048_576;

/** The progress of a running transfer, `nowMs` after its start. */
function progressAt(nowMs: number, transfer: Partial<WrittenTransfer>) {
  const history = new HistoryWriter();
  const chunks = { chunkSizeBytes: 10 * MIB, chunkCount: 100, chunkMs: 10_000 };
  writeTransfer(history, { ...chunks, ending: 'running', ...transfer });
  const execution = describedExecution(undefined, { status: 'RUNNING' });
  return progressOf(timelineOfExecution(execution, history.events, EXECUTION_STARTED_AT_MS + nowMs));
}

test('nothing is known before the file is', () => {
  const execution = describedExecution(undefined, { status: 'RUNNING' });

  expect(progressOf(timelineOfExecution(execution, [], EXECUTION_STARTED_AT_MS))).toBeUndefined();
});

test.each([
  // the first chunk starts after 1 s, and each takes 10 s
  ['no chunk has landed', 2_000, 0, 0],
  ['one chunk of 10 MiB in 10 s', 11_000, 1, MIB],
  ['one chunk, and its rate falls while the next one is late', 21_000, 1, MIB / 2],
  ['thirty chunks: the rate of the last two minutes', 301_000, 30, (13 * 10 * MIB) / 120],
])('%s', (_name, nowMs, landed, bytesPerSecond) => {
  const progress = progressAt(nowMs, { landed });

  expect(progress).toMatchObject({
    doneBytes: landed * 10 * MIB,
    sizeBytes: 1_000 * MIB,
    chunksDone: landed,
    chunkCount: 100,
  });
  expect(progress?.bytesPerSecond).toBeCloseTo(bytesPerSecond, 3);
});

test('retries are counted', () => {
  const failures = { 1: Array(2).fill({ error: 'SftpStalledError', message: 'silent' }) };

  expect(progressAt(60_000, { landed: 2, failures })?.retries).toBe(2);
});
