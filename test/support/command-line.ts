import { spawn } from 'node:child_process';
import { join } from 'node:path';

const BIN = join(import.meta.dirname, '../../bin/sftp-to-s3.js');

export interface CommandResult {
  exitCode: number | null;
  stdout: string;
  stderr: string;
  /** The last line of stdout, which `--json` makes one JSON object. */
  json(): Record<string, unknown>;
}

/**
 * Runs the command line as a user would, with `environment` besides a minimal one.
 * @param folder to run it in; by default the tests' own
 */
export async function runCommand(
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
  onStart: (child: { kill(signal: NodeJS.Signals): boolean }) => void = () => {},
  folder?: string,
): Promise<CommandResult> {
  const child = spawn(process.execPath, [BIN, ...args], {
    env: {
      PATH: process.env.PATH,
      HOME: process.env.HOME,
      AWS_EC2_METADATA_DISABLED: 'true',
      ...environment,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
    cwd: folder,
  });
  onStart(child);
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const exitCode = await new Promise<number | null>((resolve) => child.once('close', resolve));
  const json = (): Record<string, unknown> => JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '');
  return { exitCode, stdout, stderr, json };
}
