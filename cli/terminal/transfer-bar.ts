import { clearLine, cursorTo } from 'node:readline';
import { wrap } from '../../transfer/text/wrap.ts';
import { type ProgressDisplay, progressLine, type TransferProgress } from './progress-line.ts';
import { columnsOf, showsUnicode } from './terminal-kind.ts';

const REDRAW_MS = 200;
/** For `^C`, which the terminal writes there; and a full line makes some terminals begin the next. */
const FREE_COLUMNS = 2;
const HIDE_CURSOR = '\x1b[?25l';
const SHOW_CURSOR = '\x1b[?25h';
/** What is right of the cursor. */
const TO_THE_END = 1;

/**
 * Redraws the line of a transfer on a terminal, five times a second, whether or not something happens. It moves within
 * its own line only: what was printed above may have any length, and stays.
 */
export class TransferBar implements ProgressDisplay {
  readonly #stream: NodeJS.WriteStream;
  readonly #showCursor = (): boolean => this.#stream.write(SHOW_CURSOR);
  #progress: TransferProgress | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(stream: NodeJS.WriteStream) {
    this.#stream = stream;
  }

  draw(progress: TransferProgress): void {
    this.#progress = progress;
    if (this.#timer !== undefined) return;
    this.#timer = setInterval(() => this.#render(), REDRAW_MS).unref();
    this.#stream.write(HIDE_CURSOR);
    // However the process ends: a shell without a cursor is a nuisance.
    process.once('exit', this.#showCursor);
    this.#render();
  }

  note(line: string): void {
    const isDrawn = this.#timer !== undefined;
    if (isDrawn) cursorTo(this.#stream, 0);
    if (isDrawn) clearLine(this.#stream, TO_THE_END);
    this.#stream.write(`${wrap(line, columnsOf(this.#stream))}\n`);
    if (isDrawn) this.#render();
  }

  stop(): void {
    if (this.#timer === undefined) return;
    this.#render();
    this.#stream.write('\n');
    this.leave();
  }

  leave(): void {
    if (this.#timer === undefined) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
    process.off('exit', this.#showCursor);
    this.#showCursor();
  }

  #render(): void {
    if (this.#progress === undefined) return;
    const columns = columnsOf(this.#stream) - FREE_COLUMNS;
    cursorTo(this.#stream, 0);
    this.#stream.write(progressLine(this.#progress, columns, { ascii: !showsUnicode(process.env) }));
    clearLine(this.#stream, TO_THE_END);
  }
}
