import { shellCommands } from '../../../support/docs/shell-commands.ts';

test.each([
  ['a command', 'npm ci', [['npm', 'ci']]],
  [
    'a continued line',
    'npx sftp-to-s3 list \\\n  --limit 3',
    [['npx', 'sftp-to-s3', 'list', '--limit', '3']],
  ],
  ['a comment', 'npm test   # all of them', [['npm', 'test']]],
  ['assignments in front', 'A=1 B=2 npm test', [['npm', 'test']]],
  ['only assignments', 'export A=1\nB=2', []],
  ['quotes', `aws logs tail 'a b' "c"d`, [['aws', 'logs', 'tail', 'a b', 'cd']]],
  ['a number sign within a word', 'open file.md#part', [['open', 'file.md#part']]],
  ['a prompt', '$ npm test', [['npm', 'test']]],
  ['an empty line', '\n', []],
])('%s', (_name, text, commands) => {
  expect(shellCommands(text)).toEqual(commands);
});
