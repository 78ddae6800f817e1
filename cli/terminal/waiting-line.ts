import { clearLine, cursorTo } from 'node:readline';
import { canRedraw, columnsOf } from './terminal-kind.ts';

const REDRAW_MS = 1_000;

/**
 * What is waited for, and for how long already, as a line that is gone as soon as there is something to say. Nothing
 * where no terminal could redraw it.
 */
export class WaitingLine {
  readonly #stream: NodeJS.WriteStream;
  #timer: NodeJS.Timeout | undefined;

  constructor(stream: NodeJS.WriteStream) {
    this.#stream = stream;
  }

  /** @param line for the seconds that have passed; what does not fit into one line of the terminal is left out */
  show(line: (seconds: number) => string): void {
    this.clear();
    if (!canRedraw(this.#stream, process.env)) return;
    const startedMs = performance.now();
    const draw = (): void => {
      cursorTo(this.#stream, 0);
      const text = line(Math.floor((performance.now() - startedMs) / 1_000));
      // A full line makes some terminals begin the next.
      this.#stream.write(text.slice(0, columnsOf(this.#stream) - 1));
    };
    draw();
    this.#timer = setInterval(draw, REDRAW_MS).unref();
  }

  clear(): void {
    if (this.#timer === undefined) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
    cursorTo(this.#stream, 0);
    clearLine(this.#stream, 0);
  }
}
