import { CommanderError } from 'commander';
import { buildProgram } from '../../../cli/program.ts';
import packageJson from '../../../package.json' with { type: 'json' };
import { codeBlocks, codeSpans } from './markdown.ts';
import { shellCommands } from './shell-commands.ts';

const SHELLS = ['', 'sh', 'bash', 'console'];
/** Ends of the commands that follow on one line. */
const SEPARATORS = ['|', '&&', ';', '>', '||'];
/** What commander calls it when something is left out. */
const MISSING = ['commander.missingArgument', 'commander.missingMandatoryOptionValue', 'commander.help'];
const CDKTF_COMMANDS = ['synth', 'diff', 'deploy', 'destroy', 'output'];

export interface DocumentedCommand {
  words: readonly string[];
  /** False in running text, where a command may be named without its arguments. */
  isComplete: boolean;
}

/** Every command that a document shows, in blocks of shell text and in code within lines. */
export function documentedCommands(markdown: string): DocumentedCommand[] {
  const blocks = codeBlocks(markdown).filter(({ language }) => SHELLS.includes(language));
  return [
    ...blocks.map(({ text }) => ({ text, isComplete: true })),
    ...codeSpans(markdown).map((text) => ({ text, isComplete: false })),
  ].flatMap(({ text, isComplete }) =>
    shellCommands(text)
      .flatMap(split)
      .map((words) => ({ words, isComplete })),
  );
}

/** True for what this project brings: its command line and its npm scripts. */
export function isOurs({ words: [first, second] }: DocumentedCommand): boolean {
  return (
    first === 'npm' ||
    first === 'sftp-to-s3' ||
    (first === 'npx' && ['sftp-to-s3', 'cdktf'].includes(second ?? ''))
  );
}

/** What is wrong with a command of ours; undefined when it would be accepted. */
export async function mistakeIn({ words, isComplete }: DocumentedCommand): Promise<string | undefined> {
  const [first, ...rest] = words;
  if (first === 'npm') return mistakeInNpm(rest);
  if (first === 'sftp-to-s3') return mistakeInOurs(rest, isComplete);
  const [program, ...args] = rest;
  if (program === 'sftp-to-s3') return mistakeInOurs(args, isComplete);
  return CDKTF_COMMANDS.includes(args[0] ?? '') ? undefined : `cdktf has no command ${args[0]}`;
}

function split(words: readonly string[]): string[][] {
  const at = words.findIndex((word) => SEPARATORS.includes(word));
  if (at < 0) return [[...words]];
  return [words.slice(0, at), ...split(words.slice(at + 1))];
}

function mistakeInNpm([command = '', ...args]: readonly string[]): string | undefined {
  if (['ci', 'install', 'audit'].includes(command)) return undefined;
  const script = command === 'run' ? args[0] : command;
  return Object.hasOwn(packageJson.scripts, script ?? '') ? undefined : `there is no npm script ${script}`;
}

/** Lets the command line itself parse it, without doing anything. */
async function mistakeInOurs(args: readonly string[], isComplete: boolean): Promise<string | undefined> {
  const program = buildProgram();
  const silent = { writeOut: () => {}, writeErr: () => {}, outputError: () => {} };
  for (const command of [program, ...program.commands]) {
    command.exitOverride().configureOutput(silent);
    if (command !== program) command.action(() => {});
  }
  try {
    await program.parseAsync([...args], { from: 'user' });
    return undefined;
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    const isOnlyNamed = !isComplete && MISSING.includes(error.code);
    return isOnlyNamed || error.code === 'commander.helpDisplayed' ? undefined : error.message;
  }
}
