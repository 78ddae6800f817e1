import { spawnSync } from 'node:child_process';
import { completionScript } from '../../../../cli/commands/completion.ts';
import { buildProgram } from '../../../../cli/program.ts';

const { commands } = buildProgram();

test.each(['bash', 'zsh', 'fish'] as const)('%s: every command with every option', (shell) => {
  const script = completionScript(shell, commands);

  for (const command of commands) {
    expect(script).toContain(command.name());
    for (const { long } of command.options) expect(script).toContain(String(long).slice(2));
  }
});

test.each([
  ['a command', ['sftp-to-s3', 'hist'], 'history'],
  ['an option', ['sftp-to-s3', 'history', '--js'], '--json'],
])('bash completes %s', (_name, words, expected) => {
  const [script, last] = [completionScript('bash', commands), words.length - 1];
  const ask = `COMP_WORDS=(${words.join(' ')}); COMP_CWORD=${last}; _sftp_to_s3; echo "\${COMPREPLY[@]}"`;

  const { stdout, stderr } = spawnSync('bash', ['-c', `${script}\n${ask}`], { encoding: 'utf8' });

  expect([stdout.trim(), stderr]).toEqual([expected, '']);
});
