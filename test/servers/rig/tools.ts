import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

/** The interpreter that Debian's Python packages belong to; another one may come first in PATH. */
export const DEBIAN_PYTHON = '/usr/bin/python3';

/** A sentence about the first of the files that is not there; undefined when all are. */
export function missingFile(...files: readonly string[]): string | undefined {
  const missing = files.find((file) => !existsSync(file));
  return missing && `${missing} is not installed`;
}

/** The same for a Python module of Debian's. */
export function missingPythonModule(module: string): string | undefined {
  const found = spawnSync(DEBIAN_PYTHON, ['-W', 'ignore', '-c', `import ${module}`]);
  return found.status === 0 ? undefined : `Python's ${module} is not installed`;
}

/** Version of a Debian package's upstream, such as "9.2p1"; "unknown" where another package manager rules. */
export function packageVersion(name: string): string {
  const { stdout } = spawnSync('dpkg-query', ['--status', name], { encoding: 'utf8' });
  const [, upstream = 'unknown'] = /^Version: (?:\d+:)?([^-+~\n]+)/m.exec(stdout ?? '') ?? [];
  return upstream;
}
