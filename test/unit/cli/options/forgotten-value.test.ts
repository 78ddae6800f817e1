import { buildProgram } from '../../../../cli/program.ts';

/** Every option of every command that takes its value as it is. */
const OPTIONS = buildProgram().commands.flatMap((command) =>
  command.options
    .filter(
      ({ argChoices, parseArg, required }) => required && argChoices === undefined && parseArg === undefined,
    )
    .map(({ long }) => [command.name(), String(long)] as const),
);

async function run(name: string, ...words: string[]): Promise<void> {
  const program = buildProgram();
  const command = program.commands.find((each) => each.name() === name);
  command?.exitOverride().action(() => {
    throw new Error('it ran');
  });
  const places = command?.registeredArguments.filter(({ required }) => required).map(() => 'place') ?? [];
  const needed = command?.options
    .filter(({ mandatory }) => mandatory)
    .flatMap(({ long }) => [String(long), 'file']);
  await program.parseAsync([name, ...places, ...(needed ?? []), ...words], { from: 'user' });
}

test('there are such options', () => expect(OPTIONS.length).toBeGreaterThan(20));

test.each(OPTIONS)('%s %s takes no other option for its value', async (name, option) => {
  // Any option of the command's own is a good example of one.
  await expect(run(name, option, option)).rejects.toThrow(
    `${option} is ${option}, but it needs a value of its own`,
  );
});

test('of repeatable options each value is looked at', async () => {
  await expect(run('pull', '--include', '*.csv', '--include', '--dry-run')).rejects.toThrow(
    '--include is --dry-run, but it needs a value of its own',
  );
});

test('what only looks like an option is a value', async () => {
  await expect(run('ledger', '--forget', '--odd-name.csv')).rejects.toThrow('it ran');
});
