import type { TimelineAttempt, TimelineChunk, TransferTimeline } from './transfer-timeline.ts';

/** A chunk with what can be worked out of its attempts. */
export interface ChunkFigures {
  chunk: TimelineChunk;
  startedAtMs: number;
  endedAtMs: number;
  landed: boolean;
  /** Of the attempt that succeeded, else of the last. */
  seconds: number;
  /** Of the attempt that succeeded; undefined when none did. */
  bytesPerSecond: number | undefined;
  /** Attempts after a failure; waiting for a turn is none. */
  retries: number;
}

/** What the whole transfer comes to. */
export interface TransferFigures {
  chunks: readonly ChunkFigures[];
  seconds: number;
  /** Of chunks that landed. */
  landedBytes: number;
  landedChunks: number;
  bytesPerSecond: number;
  retries: number;
  /** Times that a call was turned away because the partner's sessions were all in use. */
  turnedAway: number;
  /** Chunks at work at a time, from the first chunk's start to the last one's end, on average. */
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
  const landed = chunks.filter((chunk) => chunk.landed);
  const landedBytes = sum(landed.map(({ chunk }) => chunk.sizeBytes));
  const seconds = (timeline.endedAtMs - timeline.startedAtMs) / 1_000;
  const units = [
    ...Map.groupBy(timeline.steps, ({ step }) => step).values(),
    ...chunks.map(({ chunk }) => chunk.attempts),
  ];
  const landedSeconds = landed.map((chunk) => chunk.seconds);
  return {
    chunks,
    seconds,
    landedBytes,
    landedChunks: landed.length,
    bytesPerSecond: landedBytes / Math.max(seconds, 0.001),
    retries: sum(units.map(retriesIn)),
    turnedAway: sum(units.map((attempts) => attempts.filter(wasTurnedAway).length)),
    meanWidth: meanWidth(timeline),
    chunkSeconds:
      landed.length === 0
        ? undefined
        : {
            p50: quantile(landedSeconds, 0.5),
            p95: quantile(landedSeconds, 0.95),
            max: Math.max(...landedSeconds),
          },
    medianBytesPerSecond:
      landed.length === 0
        ? undefined
        : quantile(
            landed.map((chunk) => chunk.bytesPerSecond ?? 0),
            0.5,
          ),
  };
}

function chunkFigures(chunk: TimelineChunk): ChunkFigures {
  const { attempts, sizeBytes } = chunk;
  const success = attempts.findLast((attempt) => attempt.outcome === 'succeeded');
  const shown = success ?? attempts.at(-1);
  const seconds = shown === undefined ? 0 : secondsOf(shown);
  return {
    chunk,
    startedAtMs: Math.min(...attempts.map((attempt) => attempt.startedAtMs)),
    endedAtMs: Math.max(...attempts.map((attempt) => attempt.endedAtMs)),
    landed: success !== undefined,
    seconds,
    bytesPerSecond: success === undefined ? undefined : sizeBytes / Math.max(seconds, 0.001),
    retries: retriesIn(attempts),
  };
}

/** Failures among the attempts at one piece of work that another attempt followed. */
function retriesIn(attempts: readonly TimelineAttempt[]): number {
  return attempts.slice(0, -1).filter((attempt) => attempt.outcome === 'failed' && !wasTurnedAway(attempt))
    .length;
}

function meanWidth({ chunks }: TransferTimeline): number {
  const attempts = chunks.flatMap((chunk) => chunk.attempts);
  if (attempts.length === 0) return 0;
  const startedAtMs = attempts.reduce((least, attempt) => Math.min(least, attempt.startedAtMs), Infinity);
  const endedAtMs = attempts.reduce((most, attempt) => Math.max(most, attempt.endedAtMs), 0);
  return sum(attempts.map(secondsOf)) / Math.max((endedAtMs - startedAtMs) / 1_000, 0.001);
}

export function secondsOf({ startedAtMs, endedAtMs }: TimelineAttempt): number {
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
