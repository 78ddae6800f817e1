import { DEFAULT_CHUNK_SIZE_BYTES, DEFAULT_MAX_CONCURRENCY } from '../transfer/defaults.ts';
import {
  LAMBDA_MAX_TIMEOUT_SECONDS,
  S3_MAX_PART_SIZE_BYTES,
  S3_MIN_PART_SIZE_BYTES,
} from '../transfer/limits.ts';
import { planChunks } from '../transfer/plan/plan-chunks.ts';
import { planSegments } from '../transfer/plan/plan-segments.ts';
import { counted } from '../transfer/text/counted.ts';
import { MIB } from '../transfer/text/units.ts';
import type { Recommendation } from './report.ts';

/** A third of a Lambda's longest time: a chunk survives a slow hour, and a lost one costs little. */
const WANTED_CHUNK_SECONDS = 300;
/** A Lambda's longest time, less what it takes to connect and to finish: a worker that has more to do logs in again. */
const LONGEST_WORK_SECONDS = LAMBDA_MAX_TIMEOUT_SECONDS - 60;

/** Connections whose rates add up to less than this share of as many times one's have filled the line, or the server. */
const FULL_SHARE = 0.8;
/** A tenth more or less is chance. */
const CHANCE = 1.1;

/** What a check measured. */
export interface Measurements {
  fileSizeBytes: number;
  /** Of one connection; more than 0. */
  bytesPerSecond: number;
  /** From the first packet to the open SFTP session. */
  connectSeconds: number;
  /** Connections that were open at a time, and whether the server had refused one more. */
  connections: number;
  wasRefused: boolean;
  /** Of those connections reading at once; undefined where it does not show what the line carries. */
  togetherBytesPerSecond?: number | undefined;
  /** That the partner granted, by our configuration; undefined when unknown. */
  maxSessions?: number | undefined;
}

/** Chunk size, concurrency and expected duration of a transfer. @throws InvalidTransferRequestError for a file too large */
export function recommend(measured: Measurements): Recommendation {
  const { fileSizeBytes, bytesPerSecond } = measured;
  const { concurrency, reasons, fullBytesPerSecond } = concurrencyFor(measured);

  const { chunkCount, chunkSizeBytes } = planChunks({
    sizeBytes: fileSizeBytes,
    chunkSizeBytes: wantedChunkBytes(measured, concurrency),
  });
  const maxConcurrency = Math.min(concurrency, chunkCount);
  const chunkSeconds = chunkSizeBytes / bytesPerSecond;
  reasons.push(`at ${(bytesPerSecond / MIB).toFixed(1)} MiB/s a chunk takes ${Math.ceil(chunkSeconds)} s`);
  if (chunkSeconds > LONGEST_WORK_SECONDS) {
    reasons.push(
      `that is more than the ${LONGEST_WORK_SECONDS} s that a function has: this file cannot be moved at this rate`,
    );
  }

  const segments = planSegments({ chunks: numbersUpTo(chunkCount), maxConcurrency }).length;
  const secondsFor = (readingSeconds: number) =>
    Math.ceil(readingSeconds + connectingSeconds(measured, { segments, maxConcurrency, readingSeconds }));
  return {
    file_size_bytes: fileSizeBytes,
    chunk_size_bytes: chunkSizeBytes,
    chunk_count: chunkCount,
    max_concurrency: maxConcurrency,
    expected_seconds: {
      fastest: secondsFor(fileSizeBytes / Math.min(bytesPerSecond * maxConcurrency, fullBytesPerSecond)),
      slowest: secondsFor(fileSizeBytes / sharedBytesPerSecond(measured, maxConcurrency)),
    },
    reasons,
  };
}

/** Every segment is one login, and so is every worker that goes on where another one's time was up. */
function connectingSeconds(
  { connectSeconds }: Measurements,
  plan: { segments: number; maxConcurrency: number; readingSeconds: number },
): number {
  const goingOn = Math.floor(plan.readingSeconds / LONGEST_WORK_SECONDS);
  return (Math.ceil(plan.segments / plan.maxConcurrency) + goingOn) * connectSeconds;
}

function numbersUpTo(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index + 1);
}

/**
 * The default concurrency, or less: never more than the partner is known to give, by our configuration or, where there is
 * none, by what was open at a time.
 */
function concurrencyFor(measured: Measurements): {
  concurrency: number;
  reasons: string[];
  /** What the line carries, where that is known. */
  fullBytesPerSecond: number;
} {
  const { connections, wasRefused, maxSessions } = measured;
  const given = wasRefused || maxSessions === undefined ? connections : Infinity;
  const reasons = [
    wasRefused
      ? `the server gave ${counted(connections, 'connection')} at a time`
      : connections === 1
        ? 'the server gave the one connection that was tried'
        : `the server gave all ${connections} connections that were tried`,
  ];
  const granted = Math.min(given, maxSessions ?? Infinity);
  if (maxSessions === undefined && !wasRefused && connections < DEFAULT_MAX_CONCURRENCY)
    reasons.push(`set more, up to ${DEFAULT_MAX_CONCURRENCY}, only if the partner grants more sessions`);
  if (maxSessions !== undefined && maxSessions < Math.min(given, DEFAULT_MAX_CONCURRENCY))
    reasons.push(`the configuration allows ${counted(maxSessions, 'session')} at a time`);
  const concurrency = Math.min(granted, DEFAULT_MAX_CONCURRENCY);
  const filling = whatFillsTheLine(measured);
  if (filling === undefined || filling.connections >= concurrency)
    return { concurrency, reasons, fullBytesPerSecond: Infinity };
  reasons.push(
    `${counted(connections, 'connection')} at once had ${filling.gain.toFixed(1)} times the rate of one: ` +
      `more than ${filling.connections} would share it`,
  );
  return { concurrency: filling.connections, reasons, fullBytesPerSecond: filling.bytesPerSecond };
}

/** Undefined where nothing shows that the line, or the server, carries no more than was measured. */
function whatFillsTheLine({ bytesPerSecond, connections, togetherBytesPerSecond }: Measurements) {
  if (togetherBytesPerSecond === undefined) return undefined;
  const gain = togetherBytesPerSecond / bytesPerSecond;
  if (gain >= FULL_SHARE * connections) return undefined;
  return { gain, bytesPerSecond: togetherBytesPerSecond, connections: Math.max(1, Math.ceil(gain / CHANCE)) };
}

/** What so many connections have at least: as many were measured, or more than are recommended. */
function sharedBytesPerSecond(
  { bytesPerSecond, togetherBytesPerSecond = 0 }: Measurements,
  maxConcurrency: number,
): number {
  return Math.max(bytesPerSecond, Math.min(togetherBytesPerSecond, bytesPerSecond * maxConcurrency));
}

/**
 * In whole MiB: the default, or less where the line is slow or the file is small. A worker copies one chunk after the
 * other over one session, so slow logins do not ask for larger ones.
 */
function wantedChunkBytes({ fileSizeBytes, bytesPerSecond }: Measurements, concurrency: number): number {
  const evenShareBytes = fileSizeBytes / concurrency;
  const timelyBytes = WANTED_CHUNK_SECONDS * bytesPerSecond;
  const bytes = Math.min(DEFAULT_CHUNK_SIZE_BYTES, evenShareBytes, timelyBytes);
  const wholeMib = Math.ceil(bytes / MIB) * MIB;
  return Math.min(S3_MAX_PART_SIZE_BYTES, Math.max(S3_MIN_PART_SIZE_BYTES, wholeMib));
}
