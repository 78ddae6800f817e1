import type { PlannedCopy } from '../../folder/decision.ts';
import type { PullObserver, PullResult } from '../../local/pull/folder-pull.ts';
import { counted } from '../../transfer/text/counted.ts';
import { meteredProgress } from './metered-progress.ts';
import type { ProgressDisplay, TransferProgress } from './progress-line.ts';

/** Follows a run over a folder, for a display: files and bytes of what is to be copied. */
export class PullProgress implements PullObserver {
  readonly #display: ProgressDisplay;
  readonly #files = { done: 0, count: 0, failed: 0 };
  readonly #progress: TransferProgress;
  readonly #nowMs: () => number;
  /** Of each file that is to be copied. */
  readonly #sizes = new Map<string, number>();
  /** Of the large file that is being copied. */
  #underWayBytes = 0;

  constructor(display: ProgressDisplay, nowMs: () => number = Date.now) {
    this.#display = display;
    this.#nowMs = nowMs;
    this.#progress = meteredProgress(nowMs);
    this.#progress.files = this.#files;
  }

  waiting(files: number, untilMs: number): void {
    const seconds = Math.max(0, Math.ceil((untilMs - this.#nowMs()) / 1000));
    const subject = `${counted(files, 'file')} must stay as ${files === 1 ? 'it is' : 'they are'}`;
    this.#display.note(`${subject} for ${seconds} s: looking again then`);
  }

  decided(copies: readonly PlannedCopy[]): void {
    if (copies.length === 0) return;
    for (const { path, sizeBytes } of copies) this.#sizes.set(path, sizeBytes);
    this.#files.count = copies.length;
    this.#progress.sizeBytes = copies.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
    this.#display.draw(this.#progress);
  }

  progressed(bytes: number): void {
    this.#underWayBytes += bytes;
    this.#progress.doneBytes += bytes;
    this.#display.draw(this.#progress);
  }

  copied({ path, status }: PullResult['outcomes'][number]): void {
    const sizeBytes = this.#sizes.get(path) ?? 0;
    this.#files.done += 1;
    if (status === 'failed') this.#files.failed += 1;
    if (status === 'landed') this.#progress.doneBytes += sizeBytes - this.#underWayBytes;
    else {
      // Nothing more of it comes.
      this.#progress.doneBytes -= this.#underWayBytes;
      this.#progress.sizeBytes -= sizeBytes;
    }
    this.#underWayBytes = 0;
    this.#display.draw(this.#progress);
  }

  stop(): void {
    this.#display.stop();
  }

  leave(): void {
    this.#display.leave();
  }
}
