import type { TransferObserver, TransferOutcome } from '../../local/local-transfer.ts';
import type { StepAttempt } from '../../local/step-attempts.ts';
import type { Clock } from '../../transfer/clock.ts';
import type { ChunkPlan, PlannedTransfer } from '../../transfer/contracts.ts';
import { EXECUTION_METADATA_KEY } from '../../transfer/object-metadata.ts';
import { assembleTimeline } from './assemble-timeline.ts';
import type { TransferTimeline } from './transfer-timeline.ts';

/** Of the bytes read, one count in so many milliseconds is kept. */
const SAMPLE_INTERVAL_MS = 100;

/** Keeps what a local transfer reports to its observer, and makes the timeline. */
export class TimelineRecorder implements TransferObserver {
  readonly #clock: Pick<Clock, 'nowMs'>;
  readonly #requestedPath: string;
  readonly #from: TransferTimeline['from'];
  readonly #startedAtMs: number;
  readonly #attempts: StepAttempt[] = [];
  readonly #bytesByChunk = new Map<number, number>();
  readonly #samples: { atMs: number; totalBytes: number }[] = [];
  #totalBytes = 0;
  #file: PlannedTransfer | undefined;
  #plan: ChunkPlan | undefined;

  /** @param from where the file is read */
  constructor(requestedPath: string, clock: Pick<Clock, 'nowMs'>, from?: TransferTimeline['from']) {
    this.#requestedPath = requestedPath;
    this.#from = from;
    this.#clock = clock;
    this.#startedAtMs = clock.nowMs();
  }

  fileFound(file: PlannedTransfer): void {
    this.#file = file;
  }

  chunksPlanned(plan: ChunkPlan): void {
    this.#plan = plan;
  }

  chunkProgressed(chunkNumber: number, bytesRead: number): void {
    const before = this.#bytesByChunk.get(chunkNumber) ?? 0;
    this.#bytesByChunk.set(chunkNumber, bytesRead);
    // A chunk that is tried again counts from its start, and so do the bytes of its earlier try, once more.
    this.#totalBytes += bytesRead < before ? bytesRead : bytesRead - before;
    const atMs = this.#clock.nowMs();
    if (atMs - (this.#samples.at(-1)?.atMs ?? 0) >= SAMPLE_INTERVAL_MS) this.#sample(atMs);
  }

  stepEnded(attempt: StepAttempt): void {
    this.#attempts.push(attempt);
  }

  finish(outcome: TransferOutcome): TransferTimeline {
    const endedAtMs = this.#clock.nowMs();
    if (this.#samples.length > 0) this.#sample(endedAtMs);
    return assembleTimeline({
      executionId: this.#file?.object_metadata[EXECUTION_METADATA_KEY] ?? 'local',
      ranOn: 'this machine',
      requestedPath: this.#requestedPath,
      ...(this.#from && { from: this.#from }),
      status: outcome.status,
      startedAtMs: this.#startedAtMs,
      endedAtMs,
      bytesRead: this.#samples,
      attempts: this.#attempts,
      ...(this.#file && { file: this.#file }),
      ...(this.#plan && { plan: this.#plan }),
      ...(outcome.status === 'SUCCEEDED' && { object: outcome.object }),
      ...(outcome.status === 'FAILED' && { failure: { name: outcome.error, cause: outcome.cause } }),
    });
  }

  #sample(atMs: number): void {
    this.#samples.push({ atMs, totalBytes: this.#totalBytes });
  }
}
