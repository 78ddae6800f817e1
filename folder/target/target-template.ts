import { basename, extname } from 'node:path/posix';
import { addDays, type CalendarTime, calendarTime, dateFormatMistake, formatDate } from './date-format.ts';

/** What a template is filled from. */
export interface TemplateValues {
  /** Relative to the folder. */
  path: string;
  modifiedAtSeconds: number;
  generation: number;
  /** What the include pattern captured. */
  groups: readonly string[];
  /** When the run began, or the business date that it was started for. */
  run: CalendarTime;
  /** IANA name, for `{mtime:…}`. */
  timeZone: string;
}

type Piece =
  | { kind: 'literal'; text: string }
  | { kind: 'path' | 'name' | 'stem' | 'ext' | 'generation' }
  | { kind: 'group'; number: number }
  | { kind: 'mtime' | 'run'; format: string }
  | { kind: 'date'; offsetDays: number; format: string };

/** A parsed template: of an object's key, or of a path in the archive. */
export interface Template {
  text: string;
  pieces: readonly Piece[];
}

/** The template cannot be used; the message is the end of the sentence "… is …, but …". */
export class TemplateError extends Error {
  override readonly name = 'TemplateError';
}

const TOKENS =
  '{path}, {name}, {stem}, {ext}, {generation}, {group.N}, {mtime:yyyy/MM/dd}, {run:yyyy-MM-dd}, {date-1d:yyyyMMdd}';

/**
 * Parses text with tokens in braces. `{stem}{ext}` is `{name}`: the extension has its dot, and may be empty.
 * @throws TemplateError for a token that does not exist: it would land in a key as it is
 */
export function parseTemplate(text: string): Template {
  const pieces = text
    .split(/(\{[^{}]*\})/)
    .filter((part) => part !== '')
    .map((part): Piece => {
      if (part.startsWith('{') && part.endsWith('}')) return parseToken(part.slice(1, -1));
      if (/[{}]/.test(part)) throw new TemplateError(`it has a brace without its partner in "${part}"`);
      return { kind: 'literal', text: part };
    });
  if (pieces.length === 0) throw new TemplateError('it must not be empty');
  return { text, pieces };
}

function parseToken(token: string): Piece {
  if (['path', 'name', 'stem', 'ext', 'generation'].includes(token)) {
    return { kind: token as 'path' | 'name' | 'stem' | 'ext' | 'generation' };
  }
  const group = /^group\.([1-9]\d?)$/.exec(token);
  if (group !== null) return { kind: 'group', number: Number(group[1]) };
  const dated = /^(mtime|run|date)([+-]\d{1,3}d)?:(.+)$/s.exec(token);
  if (dated === null || (dated[1] !== 'date' && dated[2] !== undefined)) {
    throw new TemplateError(`there is no token {${token}}; there are ${TOKENS}`);
  }
  const [, kind, offset = '0d', format = ''] = dated;
  const mistake = dateFormatMistake(format, { withTime: kind !== 'date' });
  if (mistake !== undefined) throw new TemplateError(`in {${token}}, ${mistake}`);
  return kind === 'date'
    ? { kind, offsetDays: Number.parseInt(offset, 10), format }
    : { kind: kind as 'mtime' | 'run', format };
}

export function fillTemplate({ pieces }: Template, values: TemplateValues): string {
  return pieces.map((piece) => fillPiece(piece, values)).join('');
}

function fillPiece(piece: Piece, values: TemplateValues): string {
  const name = basename(values.path);
  switch (piece.kind) {
    case 'literal':
      return piece.text;
    case 'path':
      return values.path;
    case 'name':
      return name;
    case 'stem':
      return basename(name, extname(name));
    case 'ext':
      return extname(name);
    case 'generation':
      return String(values.generation);
    case 'group':
      return values.groups[piece.number - 1] ?? '';
    case 'mtime':
      return formatDate(calendarTime(values.modifiedAtSeconds * 1000, values.timeZone), piece.format);
    case 'run':
      return formatDate(values.run, piece.format);
    case 'date':
      return formatDate(addDays(values.run, piece.offsetDays), piece.format);
  }
}

/** The highest N of its `{group.N}`; 0 without one. */
export function highestGroup({ pieces }: Template): number {
  return Math.max(0, ...pieces.map((piece) => (piece.kind === 'group' ? piece.number : 0)));
}

/** What every result begins with, up to the first token. */
export function literalPrefix({ pieces: [first] }: Template): string {
  return first?.kind === 'literal' ? first.text : '';
}

/** What every result ends with, from the last token on. */
function literalSuffix({ pieces }: Template): string {
  const last = pieces.at(-1);
  return last?.kind === 'literal' ? last.text : '';
}

/**
 * False only where no two files can ever get one key from them: they differ before the first token, or after the last.
 */
export function canCollide(one: Template, other: Template): boolean {
  const [prefix, otherPrefix] = [literalPrefix(one), literalPrefix(other)];
  const [suffix, otherSuffix] = [literalSuffix(one), literalSuffix(other)];
  const prefixesAgree = prefix.startsWith(otherPrefix) || otherPrefix.startsWith(prefix);
  const suffixesAgree = suffix.endsWith(otherSuffix) || otherSuffix.endsWith(suffix);
  return prefixesAgree && suffixesAgree;
}
