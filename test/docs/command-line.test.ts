import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { EXIT_CODES } from '../../cli/exit-codes.ts';
import { buildProgram } from '../../cli/program.ts';
import { STAGES } from '../../doctor/report.ts';

const DOCUMENT = readFileSync(join(import.meta.dirname, '../../docs/command-line.md'), 'utf8');
const COMMANDS = buildProgram().commands.filter((command) => command.name() !== 'help');

/** Text of each section, by the anchor of its heading. */
const SECTIONS = new Map(
  DOCUMENT.split(/^## /m)
    .slice(1)
    .map((section) => {
      const [heading = ''] = section.split('\n', 1);
      return [heading.toLowerCase().replaceAll(' ', '-'), section];
    }),
);

/** First cells of a section's tables, and of those that it links to: what is described as an option. */
function describedOptions(section: string): string[] {
  const linked = [...section.matchAll(/\]\(#([a-z-]+-options)\)/g)].map(([, anchor = '']) => anchor);
  const texts = [section, ...linked.map((anchor) => SECTIONS.get(anchor) ?? '')];
  const rows = texts.flatMap((text) => [...text.matchAll(/^\| `(--[a-z-]+)` +\|/gm)]);
  return [...new Set(rows.map(([, option = '']) => option))].sort();
}

function optionsOf(command: Command): string[] {
  return command.options.map(({ long }) => String(long)).sort();
}

test.each(COMMANDS.map((command) => [command.name(), command] as const))(
  '%s is described with exactly its options',
  (name, command) => {
    const section = SECTIONS.get(name);

    expect(section).toBeDefined();
    expect(describedOptions(section ?? '')).toEqual(optionsOf(command));
  },
);

test('every exit code and every stage of the doctor is described', () => {
  const codes = [...(SECTIONS.get('exit-codes') ?? '').matchAll(/^\| (\d+) +\|/gm)].map(([, code]) =>
    Number(code),
  );
  expect(codes).toEqual(Object.values(EXIT_CODES));
  for (const stage of STAGES) expect(SECTIONS.get('check')).toContain(`\`${stage}\``);
});
