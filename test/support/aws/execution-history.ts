import type { DescribeExecutionOutput, HistoryEvent } from '@aws-sdk/client-sfn';
import type { SegmentProgress } from '../../../transfer/contracts.ts';
import { plannedFile } from '../step-rig.ts';

export const EXECUTION_STARTED_AT_MS = Date.UTC(2026, 10, 22, 2, 30, 0);

/**
 * Writes a history as Step Functions does: every event has the number of the one before it in its branch.
 * Times are milliseconds after the execution's start.
 */
export class HistoryWriter {
  readonly events: HistoryEvent[] = [];

  /** Adds an event and returns its number. */
  add(
    atMs: number,
    previousEventId: number,
    event: Partial<HistoryEvent> & Pick<HistoryEvent, 'type'>,
  ): number {
    const id = this.events.length + 1;
    const timestamp = new Date(EXECUTION_STARTED_AT_MS + atMs);
    this.events.push({ id, previousEventId, timestamp, ...event });
    return id;
  }

  enter(atMs: number, previousEventId: number, name: string, input: unknown = {}): number {
    return this.add(atMs, previousEventId, {
      type: 'TaskStateEntered',
      stateEnteredEventDetails: { name, input: JSON.stringify(input) },
    });
  }

  /** One call of a Lambda that was entered as event `enteredId`, or failed as that event. */
  call(startMs: number, previousEventId: number): number {
    const scheduled = this.add(startMs, previousEventId, { type: 'LambdaFunctionScheduled' });
    return this.add(startMs + 5, scheduled, { type: 'LambdaFunctionStarted' });
  }

  succeed(atMs: number, startedId: number, output: unknown): number {
    return this.add(atMs, startedId, {
      type: 'LambdaFunctionSucceeded',
      lambdaFunctionSucceededEventDetails: { output: JSON.stringify(output) },
    });
  }

  fail(atMs: number, startedId: number, error: string, message: string): number {
    const cause = JSON.stringify({ errorType: error, errorMessage: message });
    return this.add(atMs, startedId, {
      type: 'LambdaFunctionFailed',
      lambdaFunctionFailedEventDetails: { error, cause },
    });
  }
}

/** What DescribeExecution says of it. */
export function describedExecution(
  durationMs: number | undefined,
  changes: Partial<DescribeExecutionOutput>,
): DescribeExecutionOutput {
  return {
    executionArn: 'arn:aws:states:eu-central-1:123456789012:execution:sftp-to-s3-acme:nightly',
    stateMachineArn: 'arn:aws:states:eu-central-1:123456789012:stateMachine:sftp-to-s3-acme',
    status: 'SUCCEEDED',
    startDate: new Date(EXECUTION_STARTED_AT_MS),
    input: JSON.stringify({ sftp_file_path: 'big.zip' }),
    ...(durationMs !== undefined && { stopDate: new Date(EXECUTION_STARTED_AT_MS + durationMs) }),
    ...changes,
  };
}

/** What happens to the chunks of a written transfer. */
export interface WrittenTransfer {
  path?: string;
  chunkSizeBytes: number;
  chunkCount: number;
  /** Milliseconds that a chunk takes; one follows the other. */
  chunkMs: number;
  /** Failed attempts before the one that lands, by chunk number. */
  failures?: Readonly<Record<number, { error: string; message: string }[]>>;
  /** Chunks that land; the next one fails for good or, with `ending` running, is at work. @default all */
  landed?: number;
  /** @default succeeded */
  ending?: 'succeeded' | 'failed' | 'running';
}

/**
 * Writes the history of a transfer, as far as it came. Every chunk is a segment of its own.
 * @returns the time of its last event, in milliseconds after the start
 */
export function writeTransfer(history: HistoryWriter, transfer: WrittenTransfer): number {
  const { chunkSizeBytes, chunkCount, chunkMs, failures = {}, ending = 'succeeded' } = transfer;
  const { landed = chunkCount } = transfer;
  const file = plannedFile(chunkSizeBytes * chunkCount, { path: transfer.path ?? '/outbound/big.zip' });
  const plan = {
    chunk_size_bytes: chunkSizeBytes,
    chunk_count: chunkCount,
    max_concurrency: 8,
    segments: [],
  };
  const started = history.add(0, 0, { type: 'ExecutionStarted' });
  const metadata = history.call(20, history.enter(10, started, 'GetFileMetadata', {}));
  const found = exit(history, 500, history.succeed(500, metadata, file));
  const planning = history.call(520, history.enter(510, found, 'CreateFileChunks', { file }));
  const planned = exit(history, 600, history.succeed(600, planning, plan));
  const starting = history.add(620, history.enter(610, planned, 'StartMultipartUpload'), {
    type: 'TaskScheduled',
  });
  const upload = history.add(700, history.add(621, starting, { type: 'TaskStarted' }), {
    type: 'TaskSucceeded',
    taskSucceededEventDetails: {
      resourceType: 'aws-sdk:s3',
      resource: 'createMultipartUpload',
      output: JSON.stringify({ Bucket: file.bucket, Key: file.key, UploadId: 'upload-1' }),
    },
  });
  const map = history.add(720, exit(history, 701, upload), { type: 'MapStateStarted' });
  let atMs = 1_000;
  for (
    let number = 1;
    number <= Math.min(landed + (ending === 'succeeded' ? 0 : 1), chunkCount);
    number += 1
  ) {
    const segment = { segment_number: number, next_chunk: number, last_chunk: number, workers_left: 1 };
    const iteration = history.add(atMs, map, {
      type: 'MapIterationStarted',
      mapIterationStartedEventDetails: { name: 'DownloadSegments', index: number - 1 },
    });
    let last = history.enter(atMs, iteration, 'DownloadSegment', { segment });
    for (const { error, message } of failures[number] ?? []) {
      last = history.fail(atMs + chunkMs, history.call(atMs, last), error, message);
      atMs += chunkMs;
    }
    const call = history.call(atMs, last);
    if (number > landed) {
      if (ending === 'failed') history.fail(atMs + chunkMs, call, 'SourceChangedError', 'big.zip shrank');
      break;
    }
    atMs += chunkMs;
    const startedAtMs = EXECUTION_STARTED_AT_MS + atMs - chunkMs;
    const left = exit(history, atMs, history.succeed(atMs, call, workerDone(number, startedAtMs, chunkMs)));
    history.add(atMs, left, {
      type: 'MapIterationSucceeded',
      mapIterationSucceededEventDetails: { name: 'DownloadSegments', index: number - 1 },
    });
  }
  if (ending === 'running') return atMs;
  if (ending === 'failed') {
    const failed = history.add(atMs + chunkMs, map, { type: 'MapStateFailed' });
    const abort = history.call(atMs + chunkMs, history.enter(atMs + chunkMs, failed, 'AbortUpload'));
    history.succeed(atMs + chunkMs + 500, abort, { aborted_uploads: 1 });
    history.add(atMs + chunkMs + 600, 0, { type: 'ExecutionFailed' });
    return atMs + chunkMs + 600;
  }
  const mapped = history.add(atMs, map, { type: 'MapStateSucceeded' });
  const completing = history.call(atMs + 10, history.enter(atMs, mapped, 'CompleteUpload'));
  exit(history, atMs + 1_000, history.succeed(atMs + 1_000, completing, landedObject(file)));
  history.add(atMs + 1_100, 0, { type: 'ExecutionSucceeded' });
  return atMs + 1_100;
}

/** What DownloadSegment returns when one worker has copied a segment of one chunk. */
export function workerDone(number: number, startedAtMs: number, tookMs: number): SegmentProgress {
  return {
    segment_number: number,
    next_chunk: null,
    last_chunk: number,
    workers_left: 0,
    started_at_ms: startedAtMs,
    logins: 1,
    skipped: [],
    copied: [[number, 0, tookMs, Math.round(tookMs * 0.75), Math.round(tookMs * 0.25)]],
  };
}

/** What CompleteUpload returns for the file. */
export function landedObject(file: { bucket: string; key: string; size_bytes: number }) {
  const { bucket, key, size_bytes } = file;
  return {
    bucket,
    key,
    size_bytes,
    etag: '"e"',
    checksum_crc64nvme: 'rosUhgp5mIg=',
    parts: 1,
    version_id: null,
  };
}

function exit(history: HistoryWriter, atMs: number, previousEventId: number): number {
  return history.add(atMs, previousEventId, { type: 'TaskStateExited' });
}
