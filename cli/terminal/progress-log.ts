import { type ProgressDisplay, progressLine, type TransferProgress } from './progress-line.ts';

/** Wide enough for every figure, and no bar. */
const COLUMNS = 120;

/** Writes one line a while, where nobody watches a terminal: into the log of cron or of a CI job. */
export class ProgressLog implements ProgressDisplay {
  readonly #write: (line: string) => void;
  readonly #intervalMs: number;
  #progress: TransferProgress | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(write: (line: string) => void, intervalMs: number) {
    this.#write = write;
    this.#intervalMs = intervalMs;
  }

  draw(progress: TransferProgress): void {
    this.#progress = progress;
    this.#timer ??= setInterval(() => this.#print(), this.#intervalMs).unref();
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #print(): void {
    if (this.#progress === undefined) return;
    const time = new Date().toISOString().slice(0, 19);
    this.#write(`${time}Z ${progressLine(this.#progress, COLUMNS, { bar: false })}\n`);
  }
}
