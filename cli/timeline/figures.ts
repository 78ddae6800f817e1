import type { TimelineAttempt, TimelineChunk, TransferTimeline } from './transfer-timeline.ts';

/** A chunk with what can be worked out of its times. */
export interface ChunkFigures {
  chunk: TimelineChunk;
  startedAtMs: number;
  endedAtMs: number;
  seconds: number;
  bytesPerSecond: number;
}

/** What the whole transfer comes to. */
export interface TransferFigures {
  /** Chunks that landed. */
  chunks: readonly ChunkFigures[];
  seconds: number;
  landedBytes: number;
  landedChunks: number;
  bytesPerSecond: number;
  /** Attempts after a failure; waiting for a turn is none. */
  retries: number;
  /** Times that a call was turned away because the partner's sessions were all in use. */
  turnedAway: number;
  /** Logins of the workers that have ended, and how many of them were reconnects. */
  logins: { count: number; reconnects: number };
  /** Time that chunks waited for the partner's server and for S3; undefined where no chunk says so. */
  waits: { sftpSeconds: number; s3Seconds: number } | undefined;
  /** Workers at a time, from the first one's start to the last one's end, on average. */
  meanWidth: number;
  /** Of the chunks that landed; undefined when none did. */
  chunkSeconds: { p50: number; p95: number; max: number } | undefined;
  medianBytesPerSecond: number | undefined;
}

/** Lambda's name for a call above the function's reserved concurrency: the cap on a partner's sessions. */
const TURNED_AWAY_ERROR = 'Lambda.TooManyRequestsException';

/** True of a call that never ran, since it had to wait for its turn. */
export function wasTurnedAway({ error }: TimelineAttempt): boolean {
  return error?.name === TURNED_AWAY_ERROR;
}

export function figuresOf(timeline: TransferTimeline): TransferFigures {
  const chunks = timeline.chunks.map(chunkFigures);
  const landedBytes = sum(chunks.map(({ chunk }) => chunk.sizeBytes));
  const seconds = (timeline.endedAtMs - timeline.startedAtMs) / 1_000;
  const workers = timeline.segments.flatMap((segment) => segment.workers);
  const units: (readonly TimelineAttempt[])[] = [
    ...Map.groupBy(timeline.steps, ({ step }) => step).values(),
    ...timeline.segments.map((segment) => segment.workers),
  ];
  const chunkSeconds = chunks.map((chunk) => chunk.seconds);
  const rates = chunks.map((chunk) => chunk.bytesPerSecond);
  return {
    chunks,
    seconds,
    landedBytes,
    landedChunks: chunks.length,
    bytesPerSecond: landedBytes / Math.max(seconds, 0.001),
    retries: sum(units.map(retriesIn)),
    turnedAway: sum(units.map((attempts) => attempts.filter(wasTurnedAway).length)),
    logins: {
      count: sum(workers.map(({ logins = 0 }) => logins)),
      reconnects: sum(workers.map(({ reconnects = 0 }) => reconnects)),
    },
    waits: waitsOf(timeline.chunks),
    meanWidth: meanWidth(workers),
    chunkSeconds:
      chunks.length === 0
        ? undefined
        : {
            p50: quantile(chunkSeconds, 0.5),
            p95: quantile(chunkSeconds, 0.95),
            max: quantile(chunkSeconds, 1),
          },
    medianBytesPerSecond: chunks.length === 0 ? undefined : quantile(rates, 0.5),
  };
}

function chunkFigures(chunk: TimelineChunk): ChunkFigures {
  const { startedAtMs, endedAtMs, sizeBytes } = chunk;
  const seconds = secondsOf(chunk);
  return { chunk, startedAtMs, endedAtMs, seconds, bytesPerSecond: sizeBytes / Math.max(seconds, 0.001) };
}

function waitsOf(chunks: readonly TimelineChunk[]): TransferFigures['waits'] {
  const waits = chunks.flatMap((chunk) => (chunk.waits === undefined ? [] : [chunk.waits]));
  if (waits.length === 0) return undefined;
  return {
    sftpSeconds: sum(waits.map(({ sftpMs }) => sftpMs)) / 1_000,
    s3Seconds: sum(waits.map(({ s3Ms }) => s3Ms)) / 1_000,
  };
}

/** Failures among the attempts at one piece of work that another attempt followed. */
function retriesIn(attempts: readonly TimelineAttempt[]): number {
  return attempts.slice(0, -1).filter((attempt) => attempt.outcome === 'failed' && !wasTurnedAway(attempt))
    .length;
}

function meanWidth(workers: readonly TimelineAttempt[]): number {
  if (workers.length === 0) return 0;
  const startedAtMs = workers.reduce((least, worker) => Math.min(least, worker.startedAtMs), Infinity);
  const endedAtMs = workers.reduce((most, worker) => Math.max(most, worker.endedAtMs), 0);
  return sum(workers.map(secondsOf)) / Math.max((endedAtMs - startedAtMs) / 1_000, 0.001);
}

export function secondsOf({ startedAtMs, endedAtMs }: { startedAtMs: number; endedAtMs: number }): number {
  return (endedAtMs - startedAtMs) / 1_000;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/** The nearest-rank quantile of at least one value; `share` in (0, 1]. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}
