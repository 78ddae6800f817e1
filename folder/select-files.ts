import { basename } from 'node:path/posix';
import { compilePattern, type PathPattern } from './path-pattern.ts';

/** Which names of a folder are wanted. */
export interface NameRules {
  /** At least one must match. */
  include: readonly string[];
  /** None may match. */
  exclude: readonly string[];
  /** Of names that writers give to what is not finished; matched with the name alone. */
  ignore: readonly string[];
  caseSensitive: boolean;
  /** Folders below the folder: 0 is the folder itself. */
  maxDepth: number;
}

export type NameVerdict =
  /** `groups`: what the first matching include captured. */
  | { wanted: true; groups: readonly string[] }
  | { wanted: false; because: 'temporary-name' | 'depth' | 'pattern' };

/** Makes the judge of names. @throws SyntaxError when a pattern is none */
export function compileNameRules(rules: NameRules): (path: string) => NameVerdict {
  const compile = (text: string): PathPattern => compilePattern(text, rules);
  const [include, exclude, ignore] = [rules.include, rules.exclude, rules.ignore].map((list) =>
    list.map(compile),
  ) as [PathPattern[], PathPattern[], PathPattern[]];
  return (path) => {
    const name = basename(path);
    if (ignore.some((pattern) => pattern.match(name))) return { wanted: false, because: 'temporary-name' };
    if (depthOf(path) > rules.maxDepth) return { wanted: false, because: 'depth' };
    if (exclude.some((pattern) => pattern.match(path))) return { wanted: false, because: 'pattern' };
    for (const pattern of include) {
      const groups = pattern.match(path);
      if (groups !== undefined) return { wanted: true, groups };
    }
    return { wanted: false, because: 'pattern' };
  };
}

/** Folders between the listed folder and the file: 0 for a file right in it. */
export function depthOf(path: string): number {
  return path.split('/').length - 1;
}
