import type { Command } from 'commander';
import { buildProgram } from '../../cli/program.ts';
import { mistakeIn } from '../support/docs/documented-commands.ts';
import { shellCommands } from '../support/docs/shell-commands.ts';

const COMMANDS = buildProgram().commands.map((command) => [command.name(), command] as const);

/** The commands that the help shows at its end. */
function examplesOf(command: Command): string[][] {
  let text = '';
  command.configureOutput({
    writeOut: (written) => {
      text += written;
    },
  });
  command.outputHelp();
  const [, examples = ''] = text.split(/^Examples?\b.*:$/m);
  return shellCommands(examples)
    .filter(([first]) => first === 'npx')
    .map((words) => (words.includes('>') ? words.slice(0, words.indexOf('>')) : words));
}

test.each(COMMANDS)('%s has an example in its help, and takes it', async (name, command) => {
  const examples = examplesOf(command);
  expect(examples).not.toEqual([]);
  for (const words of examples) {
    expect(words).toContain(name);
    expect(await mistakeIn({ words, isComplete: true })).toBeUndefined();
  }
});
