import { join, relative } from 'node:path/posix';
import { absolute } from '../transfer/source/absolute-path.ts';
import { counted } from '../transfer/text/counted.ts';
import { compileNameRules } from './select-files.ts';
import type { FolderSettings } from './settings.ts';
import { calendarTime } from './target/date-format.ts';
import { fillTemplate, literalPrefix, parseTemplate, type Template } from './target/target-template.ts';

/**
 * Why files must not be moved there: an archive that the next listing reads would be copied again, and archived again,
 * for ever. Undefined where no file of the folder can end up in what is read.
 * @param root path of the folder on the server; resolved links make it exact
 * @param to a template that `parseTemplate` accepts, absolute or relative to the folder
 */
export function archiveMistake(
  { root, maxDepth }: { root: string; maxDepth: number },
  to: string,
): string | undefined {
  if (to.endsWith('/')) return 'it must end with the name of the file, as {name}';
  if (to.split('/').includes('..')) return 'it must not climb with ".."';
  const isAbsolute = to.startsWith('/');
  // What a path relative to the home folder leads to is known when the server has resolved it.
  if (isAbsolute && !root.startsWith('/')) return undefined;

  const template = parseTemplate(to);
  const prefix = literalPrefix(template);
  const known = prefix.slice(0, prefix.lastIndexOf('/') + 1);
  const fromRoot = relative(join('/', root), join('/', isAbsolute ? '' : root, known));
  const isOutside = fromRoot === '..' || fromRoot.startsWith('../');
  if (!isOutside) {
    const leastDepth = (fromRoot === '' ? 0 : fromRoot.split('/').length) + leastFolders(template, known);
    if (leastDepth > maxDepth) return undefined;
    return `it is inside ${root}, which is read ${counted(maxDepth, 'folder')} deep: what was archived would be found again`;
  }
  const isParent = /^\.\.(\/\.\.)*$/.test(fromRoot);
  if (!isParent || !canHaveFolders(template, known, maxDepth)) return undefined;
  return `a token in its folders may lead into ${root}, which is read: name the archive before the first token`;
}

/** Folders that every result has below `known`. */
function leastFolders({ pieces }: Template, known: string): number {
  const slashes = (text: string): number => text.split('/').length - 1;
  const all = pieces.reduce((sum, piece) => {
    if (piece.kind === 'literal') return sum + slashes(piece.text);
    return 'format' in piece ? sum + slashes(piece.format) : sum;
  }, 0);
  return all - slashes(known);
}

function canHaveFolders(template: Template, known: string, maxDepth: number): boolean {
  if (leastFolders(template, known) > 0) return true;
  const holdsFolders = template.pieces.some(({ kind }) => kind === 'path' || kind === 'group');
  return holdsFolders && maxDepth > 0;
}

/**
 * Where the folder's rule moves a file to, absolute; undefined where it moves none.
 * @param file its path is relative to the folder
 */
export function archivePathOf(
  file: { path: string; modifiedAtSeconds: number; generation: number },
  { settings, rootPath, startedMs }: { settings: FolderSettings; rootPath: string; startedMs: number },
): string | undefined {
  const { action, to } = settings.afterProof;
  if (action !== 'move' || to === undefined) return undefined;
  const verdict = compileNameRules({ ...settings, ignore: [] })(file.path);
  const filled = fillTemplate(parseTemplate(to), {
    ...file,
    groups: verdict.wanted ? verdict.groups : [],
    run: calendarTime(startedMs, settings.timeZone),
    timeZone: settings.timeZone,
  });
  return filled.startsWith('/') ? filled : absolute(rootPath, filled);
}
