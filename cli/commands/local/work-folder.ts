import { mkdir, mkdtemp } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { UsageError } from '../../usage-error.ts';

/** Makes a folder of its own below the one that `--folder` names. @returns its path @throws UsageError */
export async function makeWorkFolder(parent: string, prefix: string): Promise<string> {
  try {
    await mkdir(parent, { recursive: true });
    return await mkdtemp(join(resolve(parent), prefix));
  } catch (error) {
    throw new UsageError(`nothing can be written below ${parent}: ${(error as Error).message}`, {
      cause: error,
    });
  }
}
