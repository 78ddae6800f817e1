import { spawn } from 'node:child_process';
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { codeBlocks } from '../../support/docs/markdown.ts';

const PROJECT = path.join(import.meta.dirname, '../../..');
const RUNBOOKS = path.join(PROJECT, 'docs/runbooks');
/** Stands in runbooks for what the operator has to fill in. */
const PLACEHOLDER = /\/path\/of\/the\/file|\bEXECUTION\b/;
const COMMAND_TIMEOUT_MS = 180_000;

export interface Outcome {
  exitCode: number | null;
  output: string;
}

/**
 * Somebody on call who has never read the code: takes commands from a runbook, letter by letter, runs them in a shell,
 * and keeps a transcript.
 */
export class Operator {
  readonly #environment: NodeJS.ProcessEnv;
  readonly #transcript: string | undefined;
  #runbook = '';
  #variables = '';

  /** @param transcript a file that is written anew; @default none is kept */
  constructor(environment: Readonly<Record<string, string>>, transcript?: string) {
    this.#environment = { PATH: process.env.PATH, ...environment };
    this.#transcript = transcript;
    if (transcript !== undefined) writeFileSync(transcript, '');
  }

  note(remark: string): void {
    this.#record(`# ${remark.replaceAll('\n', '\n# ')}\n`);
  }

  /** Opens a runbook and runs its first command. */
  async open(stem: string): Promise<Outcome> {
    this.#runbook = readFileSync(path.join(RUNBOOKS, `${stem}.md`), 'utf8');
    this.note(`docs/runbooks/${stem}.md, first command:`);
    const [first = ''] = codeBlocks(this.#runbook).map((block) => block.text.trim());
    [this.#variables = ''] = first.split('\n');
    return this.#run(first, first);
  }

  /** Runs the runbook's line that begins so, about this file or this execution. @throws Error when there is none */
  follow(beginning: string, subject = ''): Promise<Outcome> {
    const line = codeBlocks(this.#runbook)
      .flatMap((block) => block.text.split('\n'))
      .find((candidate) => candidate.startsWith(beginning));
    if (line === undefined) throw new Error(`the runbook has no command ${beginning}`);
    return this.type(line.replace(PLACEHOLDER, subject));
  }

  /** Runs a command with the variables of the runbook. */
  type(command: string): Promise<Outcome> {
    return this.#run(`${this.#variables}\n${command}`, command);
  }

  /** What the open runbook says; to be compared with what the commands show. */
  get runbook(): string {
    return this.#runbook;
  }

  async #run(script: string, shown: string): Promise<Outcome> {
    const shell = spawn('bash', ['-c', `exec 2>&1\n${script}`], {
      cwd: PROJECT,
      env: this.#environment,
      stdio: ['ignore', 'pipe', 'ignore'],
      timeout: COMMAND_TIMEOUT_MS,
    });
    const exit = new Promise<number | null>((resolve) => shell.once('close', resolve));
    const output = await text(shell.stdout);
    const exitCode = await exit;
    this.#record(`${shown.replace(/^/gm, '$ ').replaceAll('\\\n$ ', '\\\n> ')}\n${output.trimEnd()}\n`);
    return { exitCode, output };
  }

  #record(lines: string): void {
    if (this.#transcript !== undefined) appendFileSync(this.#transcript, `${lines}\n`);
  }
}
