import picomatch from 'picomatch';

const REGEX_PREFIX = 're:';

/** Matches whole paths, relative to the folder. */
export interface PathPattern {
  text: string;
  /** What the pattern captured (each wildcard of a glob, each group of an expression); undefined without a match. */
  match(path: string): readonly string[] | undefined;
}

/**
 * A glob (`*.csv`, `**` crosses folders), or an expression after `re:`. Both must match the full path from its first
 * character to its last, a newline in a name included, so that no name can hide behind a part that matches.
 *
 * Path and pattern are compared in Unicode's NFC, on a copy: a name that a Mac wrote matches what a person typed.
 * @throws SyntaxError when it is not a pattern
 */
export function compilePattern(text: string, { caseSensitive }: { caseSensitive: boolean }): PathPattern {
  const expression = text.startsWith(REGEX_PREFIX)
    ? compileExpression(text.slice(REGEX_PREFIX.length), caseSensitive)
    : compileGlob(text, caseSensitive);
  return {
    text,
    match(path) {
      const found = expression.exec(path.normalize('NFC'));
      return found === null ? undefined : found.slice(1).map((group) => group ?? '');
    },
  };
}

/** How many `{group.N}` a pattern offers. @throws SyntaxError */
export function countGroups(text: string): number {
  const { source } = text.startsWith(REGEX_PREFIX)
    ? compileExpression(text.slice(REGEX_PREFIX.length), true)
    : compileGlob(text, true);
  // An alternative of nothing matches the empty string, and shows every group.
  return (new RegExp(`${source}|`, 'us').exec('')?.length ?? 1) - 1;
}

function compileExpression(source: string, caseSensitive: boolean): RegExp {
  // By itself first: `a)|(b` would only make sense inside the anchors.
  new RegExp(source, 'u');
  return new RegExp(`^(?:${source.normalize('NFC')})$`, caseSensitive ? 'us' : 'uis');
}

function compileGlob(text: string, caseSensitive: boolean): RegExp {
  if (text === '') throw new SyntaxError('a pattern must not be empty');
  return picomatch.makeRe(text.normalize('NFC'), {
    // Whether names with a leading dot are wanted is the ignore list's business.
    dot: true,
    nonegate: true,
    capture: true,
    // Else `old/**` would match a file of the name `old` too.
    strictSlashes: true,
    // Its shortcuts capture nothing.
    fastpaths: false,
    // `s`: else a newline in a name would end what `**` matches.
    flags: caseSensitive ? 's' : 'is',
  });
}
