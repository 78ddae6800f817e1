import { type ChildProcessWithoutNullStreams, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import * as xterm from '@xterm/headless';

/** Node shows what a CommonJS module exports as its default, Jest as it is. */
const { Terminal: Screen } = (xterm as { default?: typeof xterm }).default ?? xterm;

const ROWS = 60;
const POLL_MS = 50;
const TIMEOUT_MS = 240_000;
/** Of these, what came last is in force. */
const CURSOR_SEQUENCES = { hide: '\x1b[?25l', show: '\x1b[?25h' };
/** What the terminal is sent by Ctrl-C. */
const CTRL_C = '\x03';

/** Why there is no terminal here; undefined where there is one. */
export function terminalMissing(): string | undefined {
  try {
    execFileSync('script', ['-qefc', 'true', '/dev/null'], { stdio: 'ignore' });
    return undefined;
  } catch {
    return "util-linux's script is not here";
  }
}

/** A real terminal (util-linux's `script` opens it) with one command in it, and what its user sees. */
export class Terminal {
  readonly #screen: xterm.Terminal;
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #exited: Promise<unknown>;
  #written = '';

  constructor(
    command: readonly string[],
    {
      columns,
      environment,
      folder,
    }: { columns: number; environment: Readonly<Record<string, string>>; folder: string },
  ) {
    // Rows enough that nothing leaves the screen: what a user could scroll back to is seen as well.
    this.#screen = new Screen({ cols: columns, rows: ROWS, allowProposedApi: true });
    const words = command.map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(' ');
    this.#child = spawn(
      'script',
      ['-qefc', `stty cols ${columns} rows ${ROWS}; exec ${words}`, '/dev/null'],
      {
        cwd: folder,
        env: { PATH: process.env.PATH, LANG: 'C.UTF-8', TERM: 'xterm-256color', ...environment },
      },
    );
    this.#exited = once(this.#child, 'close');
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream.on('data', (bytes: Buffer) => {
        this.#written += bytes.toString('latin1');
        this.#screen.write(bytes);
      });
    }
  }

  /** Lines as they stand on the screen, without the empty ones at its end. */
  screen(): string[] {
    const { active } = this.#screen.buffer;
    const lines = Array.from({ length: active.length }, (_, row) =>
      active.getLine(row)?.translateToString(true),
    );
    return lines
      .map((line = '') => line)
      .join('\n')
      .trimEnd()
      .split('\n');
  }

  /** Whether a user sees the cursor, and long lines whole. */
  get isInOrder(): boolean {
    const { hide, show } = CURSOR_SEQUENCES;
    const isCursorShown = this.#written.lastIndexOf(show) >= this.#written.lastIndexOf(hide);
    return isCursorShown && this.#screen.modes.wraparoundMode;
  }

  pressCtrlC(): void {
    this.#child.stdin.write(CTRL_C);
  }

  /** Waits until the screen shows it. @throws Error with the screen when it does not */
  async shows(pattern: RegExp): Promise<void> {
    for (const deadline = Date.now() + TIMEOUT_MS; Date.now() < deadline; await sleep(POLL_MS)) {
      if (pattern.test(this.screen().join('\n'))) return;
      if (this.#child.exitCode !== null) break;
    }
    throw new Error(`${String(pattern)} was not shown:\n${this.screen().join('\n')}`);
  }

  /** @returns the exit code */
  async end(): Promise<number | null> {
    await this.#exited;
    // What was written last is on the screen only after this.
    await new Promise<void>((resolve) => this.#screen.write('', resolve));
    return this.#child.exitCode;
  }

  close(): void {
    this.#child.kill('SIGHUP');
    this.#screen.dispose();
  }
}
