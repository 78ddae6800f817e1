import type { z } from 'zod';

/** One wrong setting: its path, its value, and what it must be ("it must …"). */
export interface Mistake {
  /** As `partners[0].allowedCidrs[1]`; empty for the file as a whole. */
  path: string;
  /** Undefined when the setting is missing. */
  value: unknown;
  bound: string;
}

/** The configuration cannot be used; `mistakes` is everything that is wrong with it. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';
  readonly mistakes: readonly Mistake[];

  constructor(file: string, mistakes: readonly Mistake[]) {
    const count = mistakes.length === 1 ? '1 mistake' : `${mistakes.length} mistakes`;
    super([`${file} has ${count}:`, ...mistakes.map((mistake) => `  ${sentence(mistake)}`)].join('\n'));
    this.mistakes = mistakes;
  }
}

const NO_SETTING = 'there is no such setting';

/** Every issue that zod found, as mistakes. Parse with `reportInput`, else the values are not known. */
export function mistakesOf(error: z.ZodError): Mistake[] {
  return error.issues.flatMap((issue) => {
    if (issue.code === 'unrecognized_keys') {
      const parent = issue.input as Record<string, unknown> | undefined;
      // Ours have a line for each key; zod's own, of the input of a schedule, is one for all.
      const lines = issue.message.split('\n');
      return issue.keys.map((key, index) => ({
        path: pathText([...issue.path, key]),
        value: parent?.[key],
        bound:
          lines.length === issue.keys.length && lines[index]?.startsWith('there is')
            ? lines[index]
            : NO_SETTING,
      }));
    }
    return [{ path: pathText(issue.path), value: issue.input, bound: issue.message }];
  });
}

function pathText(path: readonly PropertyKey[]): string {
  return path.reduce<string>((text, key) => {
    if (typeof key === 'number') return `${text}[${key}]`;
    return text === '' ? String(key) : `${text}.${String(key)}`;
  }, '');
}

function sentence({ path, value, bound }: Mistake): string {
  if (path === '' && value === undefined) return bound;
  const state = value === undefined ? 'is missing' : `is ${JSON.stringify(value)}`;
  return `${path || 'the configuration'} ${state}, but ${bound}`;
}
