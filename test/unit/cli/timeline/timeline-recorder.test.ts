import { TimelineRecorder } from '../../../../cli/timeline/timeline-recorder.ts';
import { workerDone } from '../../../support/aws/execution-history.ts';
import { plannedFile } from '../../../support/step-rig.ts';

const NOTHING_LEFT = { upload: { state: 'gone' }, object: 'none' } as const;

const MIB = 1_048_576;
const PLAN = {
  chunk_size_bytes: 5 * MIB,
  chunk_count: 2,
  max_concurrency: 4,
  segments: [1, 2].map((number) => ({
    segment_number: number,
    next_chunk: number,
    last_chunk: number,
    workers_left: 1,
  })),
};

function recorderAt(startMs: number) {
  const clock = { ms: startMs, nowMs: () => clock.ms };
  return { clock, recorder: new TimelineRecorder('big.zip', clock) };
}

test('what was told becomes the timeline, chunks and workers in their order', () => {
  const { clock, recorder } = recorderAt(1_000);
  recorder.fileFound(plannedFile(8 * MIB));
  recorder.chunksPlanned(PLAN);
  const segment2 = { step: 'DownloadSegment', segmentNumber: 2 } as const;
  const broken = { name: 'SftpStalledError', message: 'no byte for 30 s' };
  recorder.stepEnded({ ...segment2, startedAtMs: 1_200, endedAtMs: 1_500, outcome: 'failed', error: broken });
  recorder.stepEnded({
    step: 'DownloadSegment',
    segmentNumber: 1,
    startedAtMs: 1_200,
    endedAtMs: 1_900,
    outcome: 'succeeded',
    progress: workerDone(1, 1_250, 600),
  });
  recorder.stepEnded({
    ...segment2,
    startedAtMs: 1_600,
    endedAtMs: 2_000,
    outcome: 'succeeded',
    progress: workerDone(2, 1_650, 300),
  });
  recorder.stepEnded({ step: 'GetFileMetadata', startedAtMs: 1_010, endedAtMs: 1_100, outcome: 'succeeded' });
  clock.ms = 2_500;

  const timeline = recorder.finish({
    status: 'SUCCEEDED',
    seconds: 1.5,
    object: {
      bucket: 'landing',
      key: 'acme/outbound/big.zip',
      size_bytes: 8 * MIB,
      etag: '"e-2"',
      checksum_crc64nvme: 'rosUhgp5mIg=',
      parts: 2,
      version_id: null,
    },
  });

  expect(timeline).toMatchObject({
    executionId: 'execution-1',
    ranOn: 'this machine',
    status: 'SUCCEEDED',
    requestedPath: 'big.zip',
    startedAtMs: 1_000,
    endedAtMs: 2_500,
    plan: { chunkSizeBytes: 5 * MIB, maxConcurrency: 4, chunkCount: 2 },
    object: { checksumCrc64Nvme: 'rosUhgp5mIg=' },
    steps: [{ step: 'GetFileMetadata', outcome: 'succeeded' }],
    segments: [
      { number: 1, workers: [{ outcome: 'succeeded', logins: 1 }] },
      { number: 2, workers: [{ outcome: 'failed', error: broken }, { outcome: 'succeeded' }] },
    ],
    chunks: [
      { number: 1, startByte: 0, sizeBytes: 5 * MIB, startedAtMs: 1_250, endedAtMs: 1_850 },
      { number: 2, startByte: 5 * MIB, sizeBytes: 3 * MIB, startedAtMs: 1_650, endedAtMs: 1_950 },
    ],
  });
});

test('bytes are counted over all chunks, those read again once more, one count in 100 ms', () => {
  const { clock, recorder } = recorderAt(0);
  const progress: [atMs: number, chunkNumber: number, bytesRead: number][] = [
    [500, 1, 10],
    [550, 1, 20],
    [600, 2, 5],
    // Chunk 1 begins anew.
    [700, 1, 8],
  ];
  for (const [atMs, chunkNumber, bytesRead] of progress) {
    clock.ms = atMs;
    recorder.chunkProgressed(chunkNumber, bytesRead);
  }
  clock.ms = 900;

  expect(recorder.finish({ status: 'ABORTED', seconds: 0.9, remains: NOTHING_LEFT }).bytesRead).toEqual([
    { atMs: 500, totalBytes: 10 },
    { atMs: 600, totalBytes: 25 },
    { atMs: 700, totalBytes: 33 },
    { atMs: 900, totalBytes: 33 },
  ]);
});

test('a transfer that found no file tells its failure in plain words', () => {
  const { recorder } = recorderAt(0);
  const cause = JSON.stringify({ errorType: 'SourceNotFoundError', errorMessage: 'no such file: big.zip' });

  const timeline = recorder.finish({
    status: 'FAILED',
    error: 'SourceNotFoundError',
    cause,
    seconds: 1,
    remains: NOTHING_LEFT,
  });

  expect(timeline).toMatchObject({
    executionId: 'local',
    failure: { name: 'SourceNotFoundError', cause: 'no such file: big.zip' },
    chunks: [],
  });
  expect(timeline).not.toHaveProperty('file');
});
