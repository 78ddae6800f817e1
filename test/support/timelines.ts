import type {
  TimelineAttempt,
  TimelineChunk,
  TransferTimeline,
} from '../../cli/timeline/transfer-timeline.ts';

const MIB = 1024 ** 2;
const STARTED_AT_MS = Date.UTC(2026, 10, 22, 2, 30, 0);
const BACK_OFF_MS = 6_000;

/** A run of a step, in milliseconds after the transfer's start. */
export function attempt(
  startMs: number,
  endMs: number,
  changes: Partial<TimelineAttempt> = {},
): TimelineAttempt {
  return {
    step: 'DownloadChunk',
    startedAtMs: STARTED_AT_MS + startMs,
    endedAtMs: STARTED_AT_MS + endMs,
    outcome: 'succeeded',
    ...changes,
  };
}

/** A failed run, with what it failed with. */
export function failedAttempt(startMs: number, endMs: number, name: string, message = name): TimelineAttempt {
  return attempt(startMs, endMs, { outcome: 'failed', error: { name, message } });
}

/** A transfer of the given chunks and steps that took `durationMs`. */
export function timeline(changes: Partial<TransferTimeline> & { durationMs: number }): TransferTimeline {
  const { durationMs, ...rest } = changes;
  return {
    executionId: 'arn:aws:states:eu-central-1:123456789012:execution:sftp-to-s3-acme:2026-11-22',
    ranOn: 'AWS Step Functions',
    status: 'SUCCEEDED',
    startedAtMs: STARTED_AT_MS,
    endedAtMs: STARTED_AT_MS + durationMs,
    steps: [],
    chunks: [],
    ...rest,
  };
}

/**
 * A transfer as they happen: `width` chunks at a time with rates that vary, and, from 20 chunks on, a slow stretch
 * of the line, a chunk that lost its connection, and one that waited for a session. The same for the same arguments.
 */
export function plausibleTimeline(chunkCount: number, width: number): TransferTimeline {
  const random = pseudoRandom(chunkCount);
  const chunkSizeBytes = 50 * MIB;
  const freeAtMs = Array.from({ length: width }, () => 640 + random() * 400);
  const chunks = Array.from({ length: chunkCount }, (_, index): TimelineChunk => {
    const lane = freeAtMs.indexOf(Math.min(...freeAtMs));
    const startMs = freeAtMs[lane] ?? 0;
    const isSlow = chunkCount >= 20 && index > chunkCount * 0.55 && index < chunkCount * 0.65;
    const runMs = (3_400 + random() * 1_500) * (isSlow ? 2.6 : 1);
    const attempts = attemptsAt(index, chunkCount, startMs, runMs);
    freeAtMs[lane] = (attempts.at(-1)?.endedAtMs ?? 0) - STARTED_AT_MS;
    const sizeBytes = index === chunkCount - 1 ? 31 * MIB + 17 : chunkSizeBytes;
    return { number: index + 1, startByte: index * chunkSizeBytes, sizeBytes, attempts };
  });
  const chunksEndMs = Math.max(...freeAtMs);
  const sizeBytes = (chunkCount - 1) * chunkSizeBytes + 31 * MIB + 17;
  return timeline({
    durationMs: chunksEndMs + 2_100,
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
    chunks,
  });
}

function attemptsAt(index: number, chunkCount: number, startMs: number, runMs: number): TimelineAttempt[] {
  if (chunkCount >= 20 && index === 6) {
    const cause = 'sftp.acme.example:22 closed the connection after 1.2 s';
    const retryMs = startMs + 1_200 + BACK_OFF_MS;
    return [
      failedAttempt(startMs, startMs + 1_200, 'SftpConnectionError', cause),
      attempt(retryMs, retryMs + runMs),
    ];
  }
  if (chunkCount >= 20 && index === 11) {
    return [
      failedAttempt(startMs, startMs + 60, 'Lambda.TooManyRequestsException', 'Rate Exceeded.'),
      attempt(startMs + BACK_OFF_MS, startMs + BACK_OFF_MS + runMs),
    ];
  }
  return [attempt(startMs, startMs + runMs)];
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
