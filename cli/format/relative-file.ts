import { relative } from 'node:path';

/** A file as seen from here where it is below, else as it is. */
export function relativeFile(file: string, folder = process.cwd()): string {
  const path = relative(folder, file);
  return path === '' || path.startsWith('..') ? file : path;
}
