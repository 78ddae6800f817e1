import { DEFAULT_CHUNK_SIZE_BYTES, DEFAULT_MAX_CONCURRENCY } from '../transfer/defaults.ts';
import {
  LAMBDA_MAX_TIMEOUT_SECONDS,
  S3_MAX_PART_SIZE_BYTES,
  S3_MIN_PART_SIZE_BYTES,
} from '../transfer/limits.ts';
import { planChunks } from '../transfer/plan/plan-chunks.ts';
import { counted } from '../transfer/text/counted.ts';
import { MIB } from '../transfer/text/units.ts';
import type { Recommendation } from './report.ts';

/** Connecting should cost at most a twentieth of a chunk's time. */
const CHUNK_TIME_PER_CONNECT_TIME = 20;
/** A third of a Lambda's longest time: a chunk survives a slow hour, and a lost one costs little. */
const WANTED_CHUNK_SECONDS = 300;
/** A Lambda's longest time, less what it takes to connect and to finish. */
const LONGEST_CHUNK_SECONDS = LAMBDA_MAX_TIMEOUT_SECONDS - 60;

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
  /** That the partner granted, by our configuration; undefined when unknown. */
  maxSessions?: number | undefined;
}

/** Chunk size, concurrency and expected duration of a transfer. @throws InvalidTransferRequestError for a file too large */
export function recommend(measured: Measurements): Recommendation {
  const { fileSizeBytes, bytesPerSecond, connectSeconds } = measured;
  const { concurrency, reasons } = concurrencyFor(measured);

  const { chunkCount, chunkSizeBytes } = planChunks({
    sizeBytes: fileSizeBytes,
    chunkSizeBytes: wantedChunkBytes(measured, concurrency),
  });
  const maxConcurrency = Math.min(concurrency, chunkCount);
  const chunkSeconds = chunkSizeBytes / bytesPerSecond;
  reasons.push(`at ${(bytesPerSecond / MIB).toFixed(1)} MiB/s a chunk takes ${Math.ceil(chunkSeconds)} s`);
  if (chunkSeconds > LONGEST_CHUNK_SECONDS) {
    reasons.push(
      `that is more than the ${LONGEST_CHUNK_SECONDS} s that a function has: this file cannot be moved at this rate`,
    );
  }

  const connectingSeconds = (chunkCount * connectSeconds) / maxConcurrency;
  const readingSeconds = fileSizeBytes / bytesPerSecond;
  return {
    file_size_bytes: fileSizeBytes,
    chunk_size_bytes: chunkSizeBytes,
    chunk_count: chunkCount,
    max_concurrency: maxConcurrency,
    expected_seconds: {
      fastest: Math.ceil(connectingSeconds + readingSeconds / maxConcurrency),
      slowest: Math.ceil(connectingSeconds + readingSeconds),
    },
    reasons,
  };
}

/** The default concurrency, or less where the server or our configuration allows less. */
function concurrencyFor({ connections, wasRefused, maxSessions = Infinity }: Measurements) {
  const possible = wasRefused ? Math.min(connections, DEFAULT_MAX_CONCURRENCY) : DEFAULT_MAX_CONCURRENCY;
  const reasons = [
    wasRefused
      ? `the server gave ${counted(connections, 'connection')} at a time`
      : `the server gave all ${connections} connections that were tried; ${possible} is the default`,
  ];
  if (maxSessions < possible)
    reasons.push(`the configuration allows ${counted(maxSessions, 'session')} at a time`);
  return { concurrency: Math.min(possible, maxSessions), reasons };
}

/** In whole MiB: the default, or more where connecting is slow; less where the line is slow or the file is small. */
function wantedChunkBytes(measured: Measurements, concurrency: number): number {
  const { fileSizeBytes, bytesPerSecond, connectSeconds } = measured;
  const amortisingBytes = CHUNK_TIME_PER_CONNECT_TIME * connectSeconds * bytesPerSecond;
  const evenShareBytes = fileSizeBytes / concurrency;
  const timelyBytes = WANTED_CHUNK_SECONDS * bytesPerSecond;
  const bytes = Math.min(Math.max(DEFAULT_CHUNK_SIZE_BYTES, amortisingBytes), evenShareBytes, timelyBytes);
  const wholeMib = Math.ceil(bytes / MIB) * MIB;
  return Math.min(S3_MAX_PART_SIZE_BYTES, Math.max(S3_MIN_PART_SIZE_BYTES, wholeMib));
}
