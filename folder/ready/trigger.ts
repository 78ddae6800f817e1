import { basename, dirname, extname, join } from 'node:path/posix';

/** How a partner says that a file is complete. */
export interface TriggerRule {
  /** `per-file`: one beside each file. `per-folder`: one for all files beside it. `manifest`: it lists them. */
  kind: 'per-file' | 'per-folder' | 'manifest';
  /** Its name: with `{name}` or `{stem}` for `per-file`, fixed for the others. */
  name: string;
  /** Whether a file without it is never taken; else the quiet period applies to it. */
  required: boolean;
}

const TOKEN = /\{([^{}]*)\}/g;

/** The end of the sentence "the trigger's name is …, but …"; undefined for a right one. */
export function triggerNameMistake({ kind, name }: Pick<TriggerRule, 'kind' | 'name'>): string | undefined {
  if (name === '' || name.includes('/')) return 'it must be a name without a folder';
  const tokens = [...name.matchAll(TOKEN)].map(([, token]) => token);
  if (/[{}]/.test(name.replace(TOKEN, ''))) return 'it has a brace without its partner';
  const unknown = tokens.find((token) => token !== 'name' && token !== 'stem');
  if (unknown !== undefined) return `there is no token {${unknown}}; there are {name} and {stem}`;
  if (kind === 'per-file' && tokens.length === 0)
    return 'it must hold {name} or {stem}: each file has its own';
  if (kind === 'per-file' && (name === '{name}' || name === '{stem}{name}'))
    return 'it must differ from the name of the file';
  if (kind !== 'per-file' && tokens.length > 0)
    return 'it must be one fixed name: it is for all files beside it';
  return undefined;
}

/** Where the trigger of a file is, relative to the folder as the file is. */
export function triggerPathOf({ name }: Pick<TriggerRule, 'name'>, path: string): string {
  const fileName = basename(path);
  const filled = name.replace(TOKEN, (_, token) =>
    token === 'name' ? fileName : basename(fileName, extname(fileName)),
  );
  return join(dirname(path), filled);
}

/**
 * Makes the judge of whether a listed name is that of a trigger: never data, whether or not its file is there.
 * @param rule as `triggerNameMistake` accepts it
 */
export function compileTriggerNames({ name }: Pick<TriggerRule, 'name'>): (path: string) => boolean {
  const literal = name.split(TOKEN).map((part, index) => (index % 2 === 0 ? literally(part) : '.+'));
  const form = new RegExp(`^${literal.join('')}$`, 's');
  return (path) => form.test(basename(path));
}

function literally(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}
