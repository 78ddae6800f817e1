/** What a terminal says about itself. */
type Environment = Readonly<Record<string, string | undefined>>;

/** True where a line can be drawn again in its place. A terminal of the kind `dumb` does not support control sequences. */
export function canRedraw(stream: { isTTY?: boolean }, { TERM }: Environment): boolean {
  return stream.isTTY === true && TERM !== 'dumb';
}

/**
 * False where the locale shows ASCII only: `C`, `POSIX` and others that name another character set than UTF-8. Without
 * any locale, UTF-8 is what terminals of today show.
 */
export function showsUnicode({ LC_ALL, LC_CTYPE, LANG }: Environment): boolean {
  const locale = [LC_ALL, LC_CTYPE, LANG].find((value) => value !== undefined && value !== '');
  return locale === undefined || /utf-?8/i.test(locale);
}

/** Of a terminal that does not say how wide it is, or says 0, as those that a program has opened. */
const DEFAULT_COLUMNS = 80;

/** Room for a line; without end where no terminal shows it, so that a line stays one line for `grep`. */
export function columnsOf(stream: { isTTY?: boolean; columns?: number }): number {
  return stream.isTTY === true ? stream.columns || DEFAULT_COLUMNS : Number.POSITIVE_INFINITY;
}
