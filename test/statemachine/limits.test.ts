import { MAX_CHUNKS_PER_WORKER } from '../../lambdas/download-segment/segment-worker.ts';
import { findTasks, loadWorkflow } from '../../local/workflow-definition.ts';
import type { CopiedChunk, PlannedTransfer, SegmentProgress } from '../../transfer/contracts.ts';
import {
  S3_MAX_PARTS,
  STEP_FUNCTIONS_MAX_HISTORY_EVENTS,
  STEP_FUNCTIONS_MAX_INLINE_MAP_CONCURRENCY,
  STEP_FUNCTIONS_MAX_PAYLOAD_BYTES,
} from '../../transfer/limits.ts';
import { describeSource } from '../../transfer/object-metadata.ts';
import { MAX_FILE_SIZE_BYTES, planChunks } from '../../transfer/plan/plan-chunks.ts';
import { planSegments } from '../../transfer/plan/plan-segments.ts';

const MIB = 1024 ** 2;
const GIB = 1024 ** 3;
const TIB = 1024 ** 4;

const numbersTo = (count: number) => Array.from({ length: count }, (_, index) => index + 1);
const bytesOf = (value: unknown) => Buffer.byteLength(JSON.stringify(value));

/** The longest values that a planned transfer may hold. */
const LARGEST_FILE: PlannedTransfer = {
  path: `/${'ä'.repeat(2_047)}`,
  size_bytes: MAX_FILE_SIZE_BYTES,
  modified_at: '2026-11-22T00:00:00.000Z',
  max_read_bytes: 261_120,
  bucket: 'b'.repeat(63),
  key: 'k'.repeat(1_024),
  chunk_size_bytes: 5_368_709_120,
  max_concurrency: STEP_FUNCTIONS_MAX_INLINE_MAP_CONCURRENCY,
  if_exists: 'replace',
  secret_version_id: 's'.repeat(64),
  previous_secret: true,
  object_metadata: describeSource({
    serverUrl: 'sftp://partner.example.com:22',
    path: '/p',
    sizeBytes: MAX_FILE_SIZE_BYTES,
    modifiedAt: '2026-11-22T00:00:00.000Z',
    executionId: 'e'.repeat(300),
    transferId: '0'.repeat(36),
  }),
};

describe('a payload', () => {
  test('of the largest plan, at the greatest width', () => {
    const { chunkCount, chunkSizeBytes } = planChunks({
      sizeBytes: MAX_FILE_SIZE_BYTES,
      chunkSizeBytes: LARGEST_FILE.chunk_size_bytes,
    });
    const plan = {
      chunk_size_bytes: chunkSizeBytes,
      chunk_count: chunkCount,
      max_concurrency: LARGEST_FILE.max_concurrency,
      segments: planSegments({
        chunks: numbersTo(chunkCount),
        maxConcurrency: LARGEST_FILE.max_concurrency,
      }),
    };

    expect(chunkCount).toBe(S3_MAX_PARTS);
    expect(plan.segments.length).toBeGreaterThan(400);
    // A quarter of what a state may have.
    expect(bytesOf({ file: LARGEST_FILE, plan, upload: { upload_id: 'u'.repeat(300) } })).toBeLessThan(
      STEP_FUNCTIONS_MAX_PAYLOAD_BYTES / 4,
    );
    // What the Map collects of its items.
    const results = plan.segments.map(({ segment_number }) => ({ segment_number }));
    expect(bytesOf(results)).toBeLessThan(STEP_FUNCTIONS_MAX_PAYLOAD_BYTES / 10);
  });

  test('of what a worker returns, with as many chunks as it may copy and every second one passed over', () => {
    const longestMs = 899_999;
    const numbers = numbersTo(MAX_CHUNKS_PER_WORKER).map((index) => 2 * index);
    const progress: SegmentProgress = {
      segment_number: S3_MAX_PARTS,
      next_chunk: null,
      last_chunk: S3_MAX_PARTS,
      workers_left: S3_MAX_PARTS,
      started_at_ms: 1_800_000_000_000,
      logins: 33,
      skipped: numbers.map((number): [number, number] => [number - 1, number - 1]),
      copied: numbers.map((number): CopiedChunk => [number, longestMs, longestMs, longestMs, longestMs]),
    };

    expect(numbers.at(-1)).toBe(S3_MAX_PARTS);
    expect(bytesOf(progress)).toBeLessThan(STEP_FUNCTIONS_MAX_PAYLOAD_BYTES);
  });
});

describe('an execution history', () => {
  /** TaskStateEntered, LambdaFunctionScheduled, LambdaFunctionStarted, LambdaFunctionSucceeded, TaskStateExited; then ChoiceStateEntered and -Exited. */
  const EVENTS_PER_WORKER = 7;
  /** MapIterationStarted, PassStateEntered, PassStateExited, MapIterationSucceeded. */
  const EVENTS_PER_SEGMENT = 4;
  /** Of the execution, the Map and the Succeed state; and five of every task outside the Map. */
  const OTHER_EVENTS = 8 + 5 * findTasks(loadWorkflow()).length;
  /** LambdaFunctionScheduled, LambdaFunctionStarted, LambdaFunctionFailed. */
  const EVENTS_PER_RETRY = 3;

  const eventsAtMost = (chunkCount: number, maxConcurrency: number): number => {
    const segments = planSegments({ chunks: numbersTo(chunkCount), maxConcurrency });
    const workers = segments.reduce((sum, { workers_left }) => sum + workers_left, 0);
    return OTHER_EVENTS + workers * EVENTS_PER_WORKER + segments.length * EVENTS_PER_SEGMENT;
  };

  test.each([1, 2, 5, 8, 20, 40])(
    'of the largest plan, %i wide, on a line so slow that every worker that may be started is',
    (maxConcurrency) => {
      const events = eventsAtMost(S3_MAX_PARTS, maxConcurrency);

      expect(events).toBeLessThan(STEP_FUNCTIONS_MAX_HISTORY_EVENTS);
      // The rest is for retries, and for what waits at either end of the workflow.
      expect(Math.floor((STEP_FUNCTIONS_MAX_HISTORY_EVENTS - events) / EVENTS_PER_RETRY)).toBeGreaterThan(
        1_900,
      );
    },
  );

  test.each([
    // What each session must carry, on average, with functions of 880 s.
    ['10 GiB: the smallest chunk in a function', 10 * GIB, 6],
    ['100 GiB', 100 * GIB, 58],
    ['1 TiB', TIB, 611],
    ['10 TiB', 10 * TIB, 6_103],
    ['48.8 TiB', MAX_FILE_SIZE_BYTES, 29_789],
  ])(
    '%s, 8 wide: the slowest line that its workers carry it over, in KiB/s',
    (_name, sizeBytes, expectedKib) => {
      const requested = sizeBytes <= 10 * GIB ? 5 * MIB : 50 * MIB;
      const { chunkCount, chunkSizeBytes } = planChunks({ sizeBytes, chunkSizeBytes: requested });
      const segments = planSegments({ chunks: numbersTo(chunkCount), maxConcurrency: 8 });
      const slowest = segments.map(({ last_chunk, next_chunk, workers_left }) => {
        const chunksPerWorker = Math.ceil((last_chunk - next_chunk + 1) / workers_left);
        return (chunksPerWorker * chunkSizeBytes) / 880 / 1024;
      });

      expect(Math.max(...slowest)).toBeCloseTo(expectedKib, -2);
    },
  );
});
