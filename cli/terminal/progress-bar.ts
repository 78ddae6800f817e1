import type { TransferObserver } from '../../local/local-transfer.ts';
import type { StepAttempt } from '../../local/step-attempts.ts';
import type { ChunkPlan, PlannedTransfer, ResumedUpload } from '../../transfer/contracts.ts';
import { readableCause } from '../../transfer/text/lambda-error.ts';
import { describePartnerWait, WAIT_NOTE_INTERVAL_MS } from '../results/describe-partner-wait.ts';
import { retriedFailures } from '../timeline/retried-failures.ts';
import { meteredProgress } from './metered-progress.ts';
import type { ProgressDisplay, TransferProgress } from './progress-line.ts';
import { RetryLines } from './retry-lines.ts';

type PartnerAwaited = Parameters<NonNullable<TransferObserver['partnerAwaited']>>[0];

/** Follows a transfer that runs in this process, for a display. The rate falls to 0 when nothing comes. */
export class ProgressBar implements TransferObserver {
  readonly #display: ProgressDisplay;
  readonly #bytesByChunk = new Map<number, number>();
  readonly #progress: TransferProgress;
  /** Of each state and segment that has not succeeded since. */
  readonly #attempts = new Map<string, StepAttempt[]>();
  readonly #retryLines: RetryLines;
  readonly #nowMs: () => number;
  #nextWaitNoteMs = Number.NEGATIVE_INFINITY;

  constructor(display: ProgressDisplay, nowMs: () => number = Date.now) {
    this.#display = display;
    this.#nowMs = nowMs;
    this.#retryLines = new RetryLines((line) => display.note(line));
    this.#progress = meteredProgress(nowMs);
  }

  fileFound(file: PlannedTransfer): void {
    this.#progress.sizeBytes = file.size_bytes;
    this.#display.draw(this.#progress);
  }

  chunksPlanned(plan: ChunkPlan): void {
    this.#progress.chunkCount = plan.chunk_count;
    this.#display.draw(this.#progress);
  }

  uploadResumed(resumed: ResumedUpload): void {
    if (!('plan' in resumed)) return;
    this.#progress.doneBytes += resumed.finished_bytes;
    this.#progress.chunksDone += resumed.finished_chunks;
    this.#display.draw(this.#progress);
  }

  chunkProgressed(chunkNumber: number, bytesRead: number): void {
    this.#progress.doneBytes += bytesRead - (this.#bytesByChunk.get(chunkNumber) ?? 0);
    this.#bytesByChunk.set(chunkNumber, bytesRead);
    this.#display.draw(this.#progress);
  }

  chunkLanded(): void {
    this.#progress.chunksDone += 1;
    this.#display.draw(this.#progress);
  }

  /** All segments lose the partner together: one line for all of them, and then one a minute. */
  partnerAwaited({ lost, since_ms, wait_seconds }: PartnerAwaited): void {
    const nowMs = this.#nowMs();
    if (wait_seconds === 0 || nowMs < this.#nextWaitNoteMs) return;
    this.#nextWaitNoteMs = nowMs + WAIT_NOTE_INTERVAL_MS;
    const { Error: name, Cause } = lost;
    this.#display.note(
      describePartnerWait({
        lost: { name, message: readableCause(Cause) },
        sinceMs: since_ms,
        waitSeconds: wait_seconds,
      }),
    );
  }

  stepEnded(attempt: StepAttempt): void {
    const { step, segmentNumber, outcome, error, endedAtMs } = attempt;
    const key = `${step} ${segmentNumber}`;
    if (outcome !== 'failed') {
      this.#attempts.delete(key);
      return;
    }
    const attempts = [...(this.#attempts.get(key) ?? []), attempt];
    this.#attempts.set(key, attempts);
    const last = retriedFailures(attempts).at(-1);
    if (last?.failedAtMs === endedAtMs) this.#retryLines.add(last);
    this.#progress.retries += 1;
    this.#progress.lastError = error?.name;
    this.#display.draw(this.#progress);
  }

  stop(): void {
    this.#retryLines.flush();
    this.#display.stop();
  }

  leave(): void {
    this.#display.leave();
  }
}
