import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { runCommand } from '../support/command-line.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const home = temporaryDirectory();
const compiled = join(home, '.sftp-to-s3', 'compiled');

test('the command line keeps its compiled code in a folder of the user', async () => {
  expect(await runCommand(['--version'], { HOME: home })).toMatchObject({ exitCode: 0, stderr: '' });
  expect(readdirSync(compiled)).not.toEqual([]);
});

test.each([
  ['is switched off', { NODE_DISABLE_COMPILE_CACHE: '1' }],
  ['has no home', { HOME: '/proc/no-home' }],
  ['has a file for a home', { HOME: '/etc/passwd' }],
  ['may not write there', { HOME: '/proc' }],
])('it runs as well where it %s', async (_what, environment) => {
  const other = join(home, 'another');
  const result = await runCommand(['--version'], { HOME: other, ...environment });
  expect(result).toMatchObject({ exitCode: 0, stderr: '' });
  expect(existsSync(other)).toBe(false);
});
