import { Argument, Command } from 'commander';
import { printLine } from '../print.ts';

const SHELLS = ['bash', 'zsh', 'fish'] as const;
type Shell = (typeof SHELLS)[number];

/** What can be completed: each command with its options. */
interface Completable {
  name: string;
  description: string;
  options: { long: string; description: string; values: readonly string[] }[];
}

export function completionCommand(): Command {
  return new Command('completion')
    .description('print the completion of commands and options for a shell')
    .addArgument(new Argument('<shell>', 'bash, zsh or fish').choices(SHELLS))
    .addHelpText(
      'after',
      '\nExamples (it completes the command sftp-to-s3: npm link, or an alias for npx, makes it one):\n' +
        '  source <(npx sftp-to-s3 completion bash)\n' +
        '  npx sftp-to-s3 completion fish > ~/.config/fish/completions/sftp-to-s3.fish',
    )
    .action((shell: Shell, _flags: object, command: Command) => {
      printLine(completionScript(shell, command.parent?.commands ?? []));
    });
}

/** The script for one shell, made of the commands as they are. */
export function completionScript(shell: Shell, commands: readonly Command[]): string {
  const completable = commands.map(describe);
  return { bash: bashScript, zsh: zshScript, fish: fishScript }[shell](completable);
}

function describe(command: Command): Completable {
  return {
    name: command.name(),
    description: command.description(),
    options: command.options.map(({ long, description, argChoices = [] }) => ({
      long: String(long),
      description,
      values: argChoices,
    })),
  };
}

function bashScript(commands: readonly Completable[]): string {
  const cases = commands.map(
    ({ name, options }) => `    ${name}) words="${options.map(({ long }) => long).join(' ')} --help" ;;`,
  );
  return `_sftp_to_s3() {
  local current="\${COMP_WORDS[COMP_CWORD]}" words
  case "\${COMP_WORDS[1]}" in
${cases.join('\n')}
    *) words="" ;;
  esac
  if [ "$COMP_CWORD" -eq 1 ]; then words="${commands.map(({ name }) => name).join(' ')}"; fi
  case "$current" in
    -*) COMPREPLY=($(compgen -W "$words" -- "$current")) ;;
    *) if [ "$COMP_CWORD" -eq 1 ]; then COMPREPLY=($(compgen -W "$words" -- "$current")); else COMPREPLY=($(compgen -f -- "$current")); fi ;;
  esac
}
complete -F _sftp_to_s3 sftp-to-s3`;
}

function zshScript(commands: readonly Completable[]): string {
  const names = commands.map(({ name, description }) => `    ${quote(`${name}:${description}`)}`);
  const cases = commands.map(({ name, options }) => {
    const specs = options.map(({ long, description }) =>
      quote(`*${long}[${description.replace(/[[\]]/g, '')}]`),
    );
    return `    ${name}) _arguments ${[...specs, "'*:file:_files'"].join(' ')} ;;`;
  });
  return `#compdef sftp-to-s3
_sftp_to_s3() {
  local -a commands
  commands=(
${names.join('\n')}
  )
  if (( CURRENT == 2 )); then _describe command commands; return; fi
  local name=$words[2]
  shift words; (( CURRENT-- ))
  case $name in
${cases.join('\n')}
  esac
}
compdef _sftp_to_s3 sftp-to-s3`;
}

function fishScript(commands: readonly Completable[]): string {
  const lines = commands.flatMap(({ name, description, options }) => [
    `complete -c sftp-to-s3 -n __fish_use_subcommand -f -a ${name} -d ${quote(description)}`,
    ...options.map(({ long, description: text, values }) => {
      const choices = values.length === 0 ? '' : ` -x -a ${quote(values.join(' '))}`;
      return `complete -c sftp-to-s3 -n ${quote(`__fish_seen_subcommand_from ${name}`)} -l ${long.slice(2)}${choices} -d ${quote(text)}`;
    }),
  ]);
  return lines.join('\n');
}

/** One word of a shell, in single quotes; both zsh and fish take it so when it holds no quote. */
function quote(text: string): string {
  return `'${text.replaceAll("'", '’').replaceAll('\\', '')}'`;
}
