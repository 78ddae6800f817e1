import type { PlannedCopy } from '../../folder/decision.ts';
import type { PullObserver, PullResult } from '../../local/pull/folder-pull.ts';
import { systemClock } from '../../transfer/clock.ts';
import { formatSize } from '../format/sizes.ts';

/** Progress on stderr, where that is a terminal. */
export class PullProgress implements PullObserver {
  #files = 0;
  #done = 0;
  #bytes = 0;

  waiting(files: number, untilMs: number): void {
    const seconds = Math.max(0, Math.ceil((untilMs - systemClock.nowMs()) / 1000));
    process.stderr.write(`${files} files must stay as they are for ${seconds} s: looking again then\n`);
  }

  decided(copies: readonly PlannedCopy[]): void {
    this.#files = copies.length;
  }

  copied(outcome: PullResult['outcomes'][number]): void {
    this.#done += 1;
    if (outcome.status === 'landed') this.#bytes += outcome.sizeBytes;
    if (!process.stderr.isTTY) return;
    const end = this.#done === this.#files ? '\n' : '';
    process.stderr.write(`\r${this.#done} of ${this.#files} files, ${formatSize(this.#bytes)}  ${end}`);
  }
}
