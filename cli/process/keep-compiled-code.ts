import { enableCompileCache } from 'node:module';
import { homedir } from 'node:os';
import { join } from 'node:path';

/**
 * Loads what an earlier run has compiled, and keeps what this one compiles, in a folder that nobody else can write
 * to: our 700 modules take a second without it, and half of that with it. Where there is no home, or it cannot be
 * written to, everything is compiled each time. `NODE_COMPILE_CACHE` names another folder, `NODE_DISABLE_COMPILE_CACHE`
 * switches it off.
 */
export function keepCompiledCode(): void {
  if (process.env.NODE_COMPILE_CACHE !== undefined) return;
  let home: string;
  try {
    home = homedir();
  } catch {
    return; // a user without an entry in the system's list of users, and without HOME
  }
  enableCompileCache(join(home, '.sftp-to-s3', 'compiled'));
}
