import { type ProgressDisplay, progressLine, type TransferProgress } from './progress-line.ts';

/** Wide enough for every figure, and no bar. */
const COLUMNS = 120;

/** Writes one line a while, where nobody watches a terminal: into the log of cron or of a CI job. */
export class ProgressLog implements ProgressDisplay {
  readonly #write: (line: string) => void;
  readonly #intervalMs: number;
  #progress: TransferProgress | undefined;
  #timer: NodeJS.Timeout | undefined;

  /** @param intervalMs between two lines of progress; 0 for none, and only what is noted is written */
  constructor(write: (line: string) => void, intervalMs: number) {
    this.#write = write;
    this.#intervalMs = intervalMs;
  }

  draw(progress: TransferProgress): void {
    this.#progress = progress;
    if (this.#intervalMs > 0) this.#timer ??= setInterval(() => this.#print(), this.#intervalMs).unref();
  }

  note(line: string): void {
    this.#write(`${timeNow()} ${line}\n`);
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  leave(): void {
    this.stop();
  }

  #print(): void {
    if (this.#progress === undefined) return;
    this.#write(`${timeNow()} ${progressLine(this.#progress, COLUMNS, { bar: false })}\n`);
  }
}

function timeNow(): string {
  return `${new Date().toISOString().slice(0, 19)}Z`;
}
