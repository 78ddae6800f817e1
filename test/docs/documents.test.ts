import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { documentedCommands, isOurs, mistakeIn } from '../support/docs/documented-commands.ts';
import { anchorOf, headings, localLinks } from '../support/docs/markdown.ts';

const ROOT = join(import.meta.dirname, '../..');
const DOCUMENTS = [
  'README.md',
  'statemachine/README.md',
  ...readdirSync(join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.md'))
    .map((file) => join('docs', file)),
];

describe.each(DOCUMENTS)('%s', (document) => {
  const text = readFileSync(join(ROOT, document), 'utf8');
  const ours = documentedCommands(text).filter(isOurs);

  test('every command of ours would be accepted', async () => {
    const mistakes = await Promise.all(
      ours.map(async (command) => [command.words.join(' '), await mistakeIn(command)]),
    );

    expect(mistakes.filter(([, mistake]) => mistake !== undefined)).toEqual([]);
  });

  test('every link leads somewhere', () => {
    const broken = localLinks(text).filter((link) => {
      const [path = '', anchor] = link.split('#');
      const file = path === '' ? join(ROOT, document) : join(ROOT, dirname(document), path);
      if (!existsSync(file)) return true;
      if (anchor === undefined) return false;
      const target = readFileSync(file, 'utf8');
      return ![1, 2, 3]
        .flatMap((level) => headings(target, level))
        .some((title) => anchorOf(title) === anchor);
    });

    expect(broken).toEqual([]);
  });
});

test.each([
  ['npx sftp-to-s3 transfer sftp://a@b/c s3://d/e --no-such-option', 'unknown option'],
  ['npx sftp-to-s3 no-such-command', 'unknown command'],
  ['npx sftp-to-s3 report', "required option '--output <file>'"],
  ['npx sftp-to-s3 history', 'missing required argument'],
  ['npx sftp-to-s3 demo --size tiny', 'must be a size'],
  ['npm run no-such-script', 'no npm script'],
  ['npx cdktf destoy', 'no command'],
])('a wrong command is found: %s', async (command, mistake) => {
  expect(await mistakeIn({ words: command.split(' '), isComplete: true })).toContain(mistake);
});
