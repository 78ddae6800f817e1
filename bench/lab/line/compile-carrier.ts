import { execFile } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const SOURCES = fileURLToPath(new URL('./carrier/', import.meta.url));
const FLAGS = ['-std=gnu11', '-O2', '-Wall', '-Wextra', '-Werror'];

/** Compiles carrier/ with gcc. @throws Error with what gcc says */
export async function compileCarrier(outputFile: string): Promise<void> {
  const files = await readdir(SOURCES);
  const sources = files.filter((file) => file.endsWith('.c')).map((file) => path.join(SOURCES, file));
  await promisify(execFile)('gcc', [...FLAGS, '-o', outputFile, ...sources]);
}
