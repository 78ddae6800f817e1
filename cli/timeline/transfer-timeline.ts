import type { StepAttempt } from '../../local/step-attempts.ts';
import type { RetriedFailure } from './retried-failures.ts';

/**
 * One transfer from its start to its end, however it ran: local mode and Step Functions both give this, and the
 * report shows nothing else. Times are milliseconds since 1970-01-01 UTC, sizes bytes.
 */
export interface TransferTimeline {
  executionId: string;
  ranOn: 'this machine' | 'AWS Step Functions';
  status: TransferStatus;
  startedAtMs: number;
  /** Of a transfer that still runs: when it was read. */
  endedAtMs: number;
  /** The name and the cause that the execution ended with. */
  failure?: { name: string; cause: string };
  /** Where it is from, as far as that is known. */
  from?: TimelineSource;
  /** The path as it was asked for, before the server resolved it. */
  requestedPath?: string;
  /** What the execution was started with, as it was given; absent where it is not kept. */
  input?: Readonly<Record<string, unknown>>;
  /** Only while it waits for sessions of the partner: how many transfers are served first. */
  waiting?: { transfersAhead: number };
  /** Only where it works with fewer sessions at a time than were wanted. */
  narrowed?: { granted: number; wanted: number };
  /** Only while the transfer, or some segments, wait for a partner who cannot be reached: why, since when, until when at most. */
  partnerWait?: { lost: { name: string; message: string }; sinceMs: number; nextTryByMs: number };
  /** Only while it runs: failed attempts that are tried again, in the order of their failure. */
  retried?: readonly TimelineRetry[];
  /** Absent until GetFileMetadata succeeded. */
  file?: TimelineFile;
  /** Absent until CreateFileChunks succeeded. */
  plan?: { chunkSizeBytes: number; maxConcurrency: number; chunkCount: number };
  /** Absent unless the transfer succeeded. */
  object?: { etag: string; checksumCrc64Nvme: string | null; versionId: string | null };
  /** Runs of the states that work on the whole file, in the order of their start. */
  steps: readonly TimelineAttempt[];
  /** Segments that were begun, by number, with their workers. */
  segments: readonly TimelineSegment[];
  /** Chunks that a worker is known to have copied, by number. */
  chunks: readonly TimelineChunk[];
  /** Bytes read from the source so far, repeated reads included; absent where nobody counted. */
  bytesRead?: readonly { atMs: number; totalBytes: number }[];
}

export type TransferStatus = 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'TIMED_OUT' | 'ABORTED';

export interface TimelineSource {
  /** As `sftp://host:port`. */
  serverUrl?: string;
  /** Name of the login; of a deployed transfer it is in the secret, and not shown. */
  user?: string;
  /** As the stack calls it. */
  partner?: string;
}

export interface TimelineFile {
  path: string;
  sizeBytes: number;
  /** ISO 8601. */
  modifiedAt: string;
  /** Largest read that the server serves in one answer. */
  maxReadBytes: number;
  bucket: string;
  key: string;
  ifExists: 'replace' | 'fail';
  /** Present where the server refused the present version of the secret, and took the one before. */
  previousSecret?: true;
}

/** `isWaiting`: its next try has not begun. */
export type TimelineRetry = RetriedFailure & { isWaiting: boolean };

export interface TimelineSegment {
  number: number;
  /** In the order of their start; at least one. */
  workers: readonly TimelineWorker[];
}

/** One attempt at a segment: one worker with one session at a time. */
export type TimelineWorker = TimelineAttempt & {
  /** Of the partner's server, reconnects included; absent unless the worker succeeded. */
  logins?: number;
  /** Absent with them. */
  reconnects?: number;
};

export interface TimelineChunk {
  number: number;
  startByte: number;
  sizeBytes: number;
  segmentNumber: number;
  /** When its reading began. */
  startedAtMs: number;
  /** When S3 confirmed it. */
  endedAtMs: number;
  /**
   * How long its worker waited for the partner's server, and how long for S3. Absent of a chunk that landed before its
   * worker failed: then start and end are estimated, too.
   */
  waits?: { sftpMs: number; s3Ms: number };
}

/** `running`: not over when the transfer was looked at, which `endedAtMs` then is. */
export type TimelineAttempt = Pick<StepAttempt, 'step' | 'startedAtMs' | 'endedAtMs' | 'error'> & {
  outcome: StepAttempt['outcome'] | 'running';
};
