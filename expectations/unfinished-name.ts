import { basename, dirname, join } from 'node:path/posix';

/**
 * The names under which a writer may finish a file of a temporary name: `a.csv` for `a.csv.part`, `.a.csv`, `~a.csv` and
 * `a.csv~`.
 */
export function finishedNames(path: string): string[] {
  const name = basename(path);
  const names = [name.replace(/\.[^.]+$/, ''), name.replace(/^[.~]+/, ''), name.replace(/~+$/, '')];
  names.push(name.replace(/^[.~]+/, '').replace(/\.[^.]+$/, ''));
  const folder = dirname(path);
  return [...new Set(names)]
    .filter((one) => one !== '' && one !== name)
    .map((one) => (folder === '.' ? one : join(folder, one)));
}
