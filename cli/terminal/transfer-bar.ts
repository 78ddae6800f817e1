import { clearLine, cursorTo } from 'node:readline';
import { SingleBar } from 'cli-progress';
import { wrap } from '../../transfer/text/wrap.ts';
import { type ProgressDisplay, progressLine, type TransferProgress } from './progress-line.ts';
import { showsUnicode } from './terminal-kind.ts';

/** Of a terminal that does not say how wide it is. */
const DEFAULT_COLUMNS = 80;

/** Redraws the line of a transfer on a terminal, five times a second, whether or not something happens. */
export class TransferBar implements ProgressDisplay {
  readonly #stream: NodeJS.WriteStream;
  readonly #bar: SingleBar;
  #progress: TransferProgress | undefined;

  constructor(stream: NodeJS.WriteStream) {
    this.#stream = stream;
    this.#bar = new SingleBar({
      format: () => this.#line(),
      stream,
      fps: 5,
      hideCursor: true,
      // A line that was noted has taken the place of what was drawn.
      forceRedraw: true,
      // What was drawn last would stay after a result that is printed below it.
      gracefulExit: false,
    });
  }

  draw(progress: TransferProgress): void {
    this.#progress = progress;
    if (!this.#bar.isActive) this.#bar.start(1, 0);
  }

  note(line: string): void {
    if (this.#bar.isActive) {
      cursorTo(this.#stream, 0);
      clearLine(this.#stream, 0);
    }
    this.#stream.write(`${wrap(line, this.#stream.columns ?? DEFAULT_COLUMNS)}\n`);
  }

  stop(): void {
    if (this.#bar.isActive) this.#bar.stop();
  }

  /** One column short: a full line makes some terminals begin the next. */
  #line(): string {
    const columns = this.#stream.columns ?? DEFAULT_COLUMNS;
    return this.#progress === undefined
      ? ''
      : progressLine(this.#progress, columns - 1, { ascii: !showsUnicode(process.env) });
  }
}
