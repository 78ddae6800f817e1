import { execFile } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { hashFile } from '../../local/sample-file.ts';
import type { Job, Run } from './contender.ts';

/** Runs a program to its end, where clients run; its time includes its start. @throws Error with its stderr when it fails */
export async function runCommand(
  program: string,
  args: readonly string[],
  { lab, targetPath }: Job,
): Promise<Run> {
  const startedMs = performance.now();
  await promisify(execFile)(...lab.client.enter(program, args));
  const seconds = (performance.now() - startedMs) / 1_000;
  return { seconds, sha256: await hashFile(targetPath) };
}

export function isOnPath(program: string): boolean {
  return (process.env.PATH ?? '').split(path.delimiter).some((folder) => {
    try {
      accessSync(path.join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
