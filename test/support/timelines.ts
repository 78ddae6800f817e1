import type {
  TimelineChunk,
  TimelineSegment,
  TimelineWorker,
  TransferTimeline,
} from '../../cli/timeline/transfer-timeline.ts';

const MIB = 1024 ** 2;
const STARTED_AT_MS = Date.UTC(2026, 10, 22, 2, 30, 0);
const BACK_OFF_MS = 6_000;
const LOGIN_MS = 300;
const CHUNKS_PER_SEGMENT = 2;

/** An attempt at a step, or a worker, in milliseconds after the transfer's start. */
export function attempt(
  startMs: number,
  endMs: number,
  changes: Partial<TimelineWorker> = {},
): TimelineWorker {
  return {
    step: 'DownloadSegment',
    startedAtMs: STARTED_AT_MS + startMs,
    endedAtMs: STARTED_AT_MS + endMs,
    outcome: 'succeeded',
    ...changes,
  };
}

/** A failed run, with what it failed with. */
export function failedAttempt(startMs: number, endMs: number, name: string, message = name): TimelineWorker {
  return attempt(startMs, endMs, { outcome: 'failed', error: { name, message } });
}

/** A chunk that landed, in milliseconds after the transfer's start. */
export function landedChunk(
  number: number,
  sizeBytes: number,
  startMs: number,
  endMs: number,
  changes: Partial<TimelineChunk> = {},
): TimelineChunk {
  return {
    number,
    segmentNumber: number,
    startByte: 0,
    sizeBytes,
    startedAtMs: STARTED_AT_MS + startMs,
    endedAtMs: STARTED_AT_MS + endMs,
    waits: { sftpMs: (endMs - startMs) * 0.75, s3Ms: (endMs - startMs) * 0.25 },
    ...changes,
  };
}

/** A transfer of the given segments, chunks and steps that took `durationMs`. */
export function timeline(changes: Partial<TransferTimeline> & { durationMs: number }): TransferTimeline {
  const { durationMs, ...rest } = changes;
  return {
    executionId: 'arn:aws:states:eu-central-1:123456789012:execution:sftp-to-s3-acme:2026-11-22',
    ranOn: 'AWS Step Functions',
    status: 'SUCCEEDED',
    startedAtMs: STARTED_AT_MS,
    endedAtMs: STARTED_AT_MS + durationMs,
    steps: [],
    segments: [],
    chunks: [],
    ...rest,
  };
}

/**
 * A transfer as they happen: segments of two chunks, `width` at a time, with rates that vary, and, from 20 chunks on, a
 * slow stretch of the line, a segment that lost its connection, and one that waited for a session. The same for the same
 * arguments.
 */
export function plausibleTimeline(chunkCount: number, width: number): TransferTimeline {
  const random = pseudoRandom(chunkCount);
  const chunkSizeBytes = 50 * MIB;
  const freeAtMs = Array.from({ length: width }, () => 640 + random() * 400);
  const chunks: TimelineChunk[] = [];
  const segments: TimelineSegment[] = [];
  for (let index = 0; index < chunkCount; index += CHUNKS_PER_SEGMENT) {
    const number = segments.length + 1;
    const lane = freeAtMs.indexOf(Math.min(...freeAtMs));
    const startMs = freeAtMs[lane] ?? 0;
    const failed = chunkCount >= 20 ? failuresOf(number, startMs) : [];
    let atMs = failed.length === 0 ? startMs : (failed[0]?.endedAtMs ?? 0) - STARTED_AT_MS + BACK_OFF_MS;
    const workerStartMs = atMs;
    atMs += LOGIN_MS;
    for (let at = index; at < Math.min(index + CHUNKS_PER_SEGMENT, chunkCount); at += 1) {
      const isSlow = chunkCount >= 20 && at > chunkCount * 0.55 && at < chunkCount * 0.65;
      const runMs = Math.round((3_400 + random() * 1_500) * (isSlow ? 2.6 : 1));
      chunks.push({
        number: at + 1,
        segmentNumber: number,
        startByte: at * chunkSizeBytes,
        sizeBytes: at === chunkCount - 1 ? 31 * MIB + 17 : chunkSizeBytes,
        startedAtMs: STARTED_AT_MS + atMs,
        endedAtMs: STARTED_AT_MS + atMs + runMs,
        waits: { sftpMs: Math.round(runMs * 0.8), s3Ms: Math.round(runMs * 0.2) },
      });
      atMs += runMs;
    }
    segments.push({
      number,
      workers: [...failed, attempt(workerStartMs, atMs, { logins: 1, reconnects: 0 })],
    });
    freeAtMs[lane] = atMs;
  }
  const chunksEndMs = Math.max(...freeAtMs);
  const sizeBytes = (chunkCount - 1) * chunkSizeBytes + 31 * MIB + 17;
  return timeline({
    durationMs: chunksEndMs + 2_100,
    from: { partner: 'acme', serverUrl: 'sftp://sftp.acme.example:2222' },
    file: {
      path: '/outbound/2026-11-21/big file.zip',
      sizeBytes,
      modifiedAt: '2026-11-22T01:58:03.000Z',
      maxReadBytes: 261_120,
      bucket: 'sftp-to-s3-landing-123456789012-eu-central-1',
      key: 'acme/outbound/2026-11-21/big file.zip',
      ifExists: 'replace',
    },
    plan: { chunkSizeBytes, maxConcurrency: width, chunkCount },
    object: {
      etag: '"9b2cf535f27731c974343645a3985328-21"',
      checksumCrc64Nvme: 'rosUhgp5mIg=',
      versionId: null,
    },
    steps: [
      attempt(20, 420, { step: 'GetFileMetadata' }),
      attempt(440, 480, { step: 'CreateFileChunks' }),
      attempt(500, 620, { step: 'StartMultipartUpload' }),
      attempt(chunksEndMs + 40, chunksEndMs + 2_080, { step: 'CompleteUpload' }),
    ],
    segments,
    chunks,
  });
}

function failuresOf(segmentNumber: number, startMs: number): TimelineWorker[] {
  if (segmentNumber === 4) {
    const cause = 'sftp.acme.example:22 closed the connection after 1.2 s';
    return [failedAttempt(startMs, startMs + 1_200, 'SftpConnectionError', cause)];
  }
  if (segmentNumber === 6) {
    return [failedAttempt(startMs, startMs + 60, 'Lambda.TooManyRequestsException', 'Rate Exceeded.')];
  }
  return [];
}

/** Mulberry32: 32 bits of state, uniform in [0, 1). */
function pseudoRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
