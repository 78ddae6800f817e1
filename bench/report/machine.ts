import { execFile } from 'node:child_process';
import os from 'node:os';
import { promisify } from 'node:util';
import { sshdPath } from '../../test/support/sftp/sshd.ts';

export interface Machine {
  cores: number;
  processor: string;
  memoryGib: number;
  node: string;
  openssl: string;
  /** First line of what each program says of its version; absent programs are not listed. */
  programs: Record<string, string>;
}

const VERSION_COMMANDS: Record<string, readonly [program: string, argument: string]> = {
  ssh: ['ssh', '-V'],
  rclone: ['rclone', 'version'],
  lftp: ['lftp', '--version'],
  ...(sshdPath !== undefined && { sshd: [sshdPath, '-V'] as const }),
};

export async function describeMachine(): Promise<Machine> {
  const programs: Record<string, string> = {};
  for (const [name, [program, argument]] of Object.entries(VERSION_COMMANDS)) {
    const version = await firstLineOf(program, argument);
    if (version !== undefined) programs[name] = version;
  }
  return {
    cores: os.availableParallelism(),
    processor: os.cpus()[0]?.model ?? 'unknown',
    memoryGib: Math.round(os.totalmem() / 1024 ** 3),
    node: process.version,
    openssl: process.versions.openssl ?? 'unknown',
    programs,
  };
}

async function firstLineOf(program: string, argument: string): Promise<string | undefined> {
  const run = promisify(execFile)(program, [argument]);
  const { stdout, stderr } = await run.catch((error: { stdout?: string; stderr?: string }) => error);
  return `${stdout ?? ''}${stderr ?? ''}`
    .split('\n')
    .find((line) => /\d\.\d/.test(line))
    ?.trim();
}
