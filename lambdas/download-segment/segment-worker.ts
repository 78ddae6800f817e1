import type { MultipartUpload, ObjectStore } from '../../s3/ports.ts';
import type { Chunk, CopiedChunk, SegmentProgress } from '../../transfer/contracts.ts';
import { DeadlineReached } from '../../transfer/deadline.ts';
import { isPartnerLost, UploadFailedError } from '../../transfer/errors.ts';
import type { ChunkGrid } from '../../transfer/plan/plan-chunks.ts';
import { withPlannedSecret } from '../shared/partner-session.ts';
import { type KeeperPorts, SessionKeeper } from '../shared/session-keeper.ts';
import { TimeLeft } from '../shared/time-left.ts';
import { findMissingChunks, runsBetween } from '../shared/upload/missing-chunks.ts';
import { ChunkQueue } from './chunk-queue.ts';
import { type ChunkTimes, copyChunk, SourceWasSilent } from './copy-chunk.ts';
import type { DownloadSegmentEvent } from './event.ts';
import { chunkDeadline } from './segment-errors.ts';
import { SegmentReader } from './segment-reader.ts';

/** Parts whose bytes S3 has and did not confirm yet; each holds a socket. */
const MAX_UNCONFIRMED_PARTS = 4;
/** Enough for what a reader has in flight, in chunks of the least size. */
const MAX_CHUNKS_AHEAD = 8;
/** Tries of one part by one worker, as many as the SDK makes of a request that it can repeat. */
export const MAX_PART_ATTEMPTS = 4;
/** The n-th further try of a part waits a random time up to 2^n of these. */
const PART_RETRY_DELAY_MS = 250;
/** Keeps a worker's answer within a state's 262,144 bytes: an entry takes 40 bytes at most. */
export const MAX_CHUNKS_PER_WORKER = 5_000;

export interface DownloadPorts extends KeeperPorts {
  store: Pick<ObjectStore, 'uploadPart' | 'listParts'>;
  /** Called after every piece with how many of the chunk's bytes have been read; falls back when it is read again. */
  chunkProgress?: (chunkNumber: number, bytesRead: number) => void;
  /** Called when S3 has confirmed the chunk's part. */
  chunkLanded?: (chunkNumber: number) => void;
}

/** When a worker must have ended. */
export interface WorkerTime {
  /** Milliseconds since 1970-01-01 UTC; Infinity where there is no such time. */
  deadlineAtMs: number;
  /** Aborted then, with DeadlineReached. */
  signal: AbortSignal;
}

/**
 * One worker of a segment: keeps its session busy and S3 supplied until nothing is left, its time is nearly over, or
 * something has failed for good. It works once; see `downloadSegment` for what it promises.
 */
export class SegmentWorker {
  readonly #event: DownloadSegmentEvent;
  readonly #ports: DownloadPorts;
  readonly #upload: MultipartUpload;
  readonly #grid: ChunkGrid;
  readonly #time: TimeLeft;
  readonly #keeper: SessionKeeper;
  readonly #startedAtMs: number;
  /** Ends everything that is under way when one thing has failed for good. */
  readonly #over = new AbortController();
  readonly #signal: AbortSignal;
  readonly #unconfirmed = new Set<Promise<void>>();
  readonly #left = new Set<number>();
  readonly #copied: CopiedChunk[] = [];
  #queue = new ChunkQueue([]);
  #failure: { error: unknown } | undefined;
  /** Of the chunk in hand. */
  #bytesRead = 0;
  #chunkInHand: { chunk: Chunk; startedAtMs: number } | undefined;

  constructor(event: DownloadSegmentEvent, ports: DownloadPorts, { deadlineAtMs, signal }: WorkerTime) {
    const { file } = event;
    this.#event = event;
    this.#ports = ports;
    this.#upload = { bucket: file.bucket, key: file.key, uploadId: event.upload_id };
    this.#grid = { sizeBytes: file.size_bytes, chunkSizeBytes: event.chunk_size_bytes };
    this.#time = new TimeLeft(ports.clock, deadlineAtMs);
    this.#startedAtMs = ports.clock.nowMs();
    this.#signal = AbortSignal.any([signal, this.#over.signal]);
    this.#keeper = new SessionKeeper(withPlannedSecret(ports, file), this.#signal);
  }

  async run(): Promise<SegmentProgress> {
    const { segment } = this.#event;
    const endSegment = this.#ports.telemetry.startSegment('segment.copy');
    let missing: Chunk[] | undefined;
    try {
      // Logs in while S3 is asked.
      void this.#keeper.session().catch(() => {});
      missing = await findMissingChunks(segment, this.#grid, this.#upload, this.#ports.store, this.#signal);
      for (const chunk of missing) this.#left.add(chunk.chunk_number);
      await this.#copyAll(missing);
      endSegment();
    } catch (error) {
      endSegment(error);
      this.#fail(error);
      if (this.#hasGainedBefore(error)) return this.#progress(missing);
      if (!(error instanceof DeadlineReached)) throw error;
      if (this.#copied.length === 0) {
        throw chunkDeadline({
          ...(this.#chunkInHand ?? { startedAtMs: this.#startedAtMs }),
          nowMs: this.#ports.clock.nowMs(),
          bytesRead: this.#bytesRead,
        });
      }
    } finally {
      await this.#keeper.end();
    }
    return this.#progress(missing);
  }

  /**
   * The partner is lost, and something has landed: that is returned, so that the next worker's loss counts as another
   * one. The last worker says why nothing is left to try.
   */
  #hasGainedBefore(error: unknown): boolean {
    const { workers_left } = this.#event.segment;
    return isPartnerLost(error) && this.#copied.length > 0 && workers_left > 1;
  }

  #progress(missing: readonly Chunk[] | undefined): SegmentProgress {
    const { segment } = this.#event;
    return {
      segment_number: segment.segment_number,
      next_chunk: this.#left.size === 0 ? null : Math.min(...this.#left),
      last_chunk: segment.last_chunk,
      workers_left: segment.workers_left - 1,
      started_at_ms: this.#startedAtMs,
      logins: this.#keeper.logins,
      reconnects: this.#keeper.reconnects,
      skipped: runsBetween(segment, missing ?? []),
      copied: this.#copied,
    };
  }

  async #copyAll(missing: readonly Chunk[]): Promise<void> {
    const { telemetry } = this.#ports;
    this.#queue = new ChunkQueue(missing);
    const expectedBytes = missing.reduce((sum, chunk) => sum + sizeOf(chunk), 0);
    const reader = new SegmentReader(
      this.#event.file,
      expectedBytes,
      { keeper: this.#keeper, telemetry },
      this.#signal,
    );
    try {
      while (this.#failure === undefined) {
        const chunk = this.#next();
        if (chunk !== undefined) await this.#copy(chunk, reader);
        else if (this.#unconfirmed.size === 0) break;
        else {
          // Nothing is left to read, unless S3 fails a part: the goodbye need not wait for that.
          reader.close();
          this.#keeper.release();
          await Promise.race(this.#unconfirmed);
        }
      }
    } catch (error) {
      this.#fail(error);
    } finally {
      reader.close();
      await Promise.all(this.#unconfirmed);
      await reader.closed();
    }
    if (this.#failure !== undefined) throw this.#failure.error;
    this.#keeper.release();
  }

  /** The next chunk to read; undefined when nothing is left, or no time for it. */
  #next(): Chunk | undefined {
    const [next] = this.#queue.upcoming;
    if (next === undefined || !this.#mayBegin(next)) return undefined;
    return this.#queue.take();
  }

  #mayBegin(chunk: Chunk): boolean {
    return (
      this.#time.allows(sizeOf(chunk)) && this.#copied.length + this.#unconfirmed.size < MAX_CHUNKS_PER_WORKER
    );
  }

  /** Resolves when the next chunk can be read. */
  async #copy(chunk: Chunk, reader: SegmentReader): Promise<void> {
    const { chunkProgress, clock, random } = this.#ports;
    const failures = this.#queue.failuresOf(chunk);
    if (failures > 0) await clock.sleep(random() * 2 ** failures * PART_RETRY_DELAY_MS, this.#signal);
    const startedAtMs = clock.nowMs();
    this.#chunkInHand = { chunk, startedAtMs };
    this.#bytesRead = 0;
    const upcoming = this.#queue.upcoming.slice(0, MAX_CHUNKS_AHEAD).filter((next) => this.#mayBegin(next));
    const reading = reader.read(chunk, upcoming);
    const { landed, taken } = copyChunk(
      chunk,
      reading,
      this.#upload,
      this.#ports,
      this.#signal,
      (bytesRead) => {
        this.#bytesRead = bytesRead;
        chunkProgress?.(chunk.chunk_number, bytesRead);
      },
    );
    const confirmed = landed
      .then(
        (times) => this.#onLanded(chunk, times),
        (error: unknown) => this.#onFailed(chunk, error, reader),
      )
      .finally(() => this.#unconfirmed.delete(confirmed));
    this.#unconfirmed.add(confirmed);
    await taken;
    this.#time.took(sizeOf(chunk), clock.nowMs() - startedAtMs);
    while (this.#unconfirmed.size >= MAX_UNCONFIRMED_PARTS) await Promise.race(this.#unconfirmed);
  }

  #onLanded(chunk: Chunk, { startedAtMs, endedAtMs, sftpMs, s3Ms }: ChunkTimes): void {
    const { chunkLanded, telemetry } = this.#ports;
    const sizeBytes = sizeOf(chunk);
    this.#left.delete(chunk.chunk_number);
    this.#time.took(sizeBytes, endedAtMs - startedAtMs);
    const fromStart = (atMs: number) => Math.round(atMs - this.#startedAtMs);
    this.#copied.push([
      chunk.chunk_number,
      fromStart(startedAtMs),
      fromStart(endedAtMs),
      Math.round(sftpMs),
      Math.round(s3Ms),
    ]);
    const seconds = (endedAtMs - startedAtMs) / 1000;
    telemetry.metric('BytesTransferred', sizeBytes);
    telemetry.metric('ChunkSeconds', seconds);
    telemetry.info('chunk uploaded', {
      chunk_number: chunk.chunk_number,
      size_bytes: sizeBytes,
      seconds,
      sftp_seconds: sftpMs / 1000,
      s3_seconds: s3Ms / 1000,
    });
    chunkLanded?.(chunk.chunk_number);
  }

  #onFailed(chunk: Chunk, error: unknown, reader: SegmentReader): void {
    if (this.#failure !== undefined) return;
    const isS3 = error instanceof UploadFailedError;
    const failures = isS3 ? this.#queue.countFailure(chunk) : 0;
    // To read it again may take a login, of which the partner gets no more than for a line that breaks.
    if (
      this.#signal.aborted ||
      !(isS3 || error instanceof SourceWasSilent) ||
      failures === MAX_PART_ATTEMPTS ||
      !this.#keeper.isReady
    ) {
      this.#fail(error);
      return;
    }
    this.#queue.again(chunk, reader.aheadCount);
    this.#ports.telemetry.warn('part failed, reading its chunk again', {
      chunk_number: chunk.chunk_number,
      error_name: error.name,
      error_message: error.message,
      failures,
    });
  }

  /** Keeps the first error, and ends what is under way. */
  #fail(error: unknown): void {
    this.#failure ??= { error: this.#signal.aborted ? this.#signal.reason : error };
    this.#over.abort(this.#failure.error);
  }
}

const sizeOf = (chunk: Chunk): number => chunk.end_byte - chunk.start_byte;
