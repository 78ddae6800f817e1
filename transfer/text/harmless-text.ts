/**
 * Text that others wrote, such as a server's words or a file's name, on its way into errors, logs and the terminal:
 * one line, of bounded length, in which nothing can move a cursor, set a colour or turn the reading direction.
 */

/** Longest message of an error. The algorithms that a server offers come to about 2,000 characters. */
const MAX_MESSAGE_CHARACTERS = 8_000;
/** Longest quotation of a server. */
const MAX_QUOTED_CHARACTERS = 200;

/** C0 and C1 controls, line and paragraph separators, and the marks that turn the reading direction (UAX #9). */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
const HARMFUL = /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g;

/** The text with every harmful character as its code, `\u001b`, and cut to `maxCharacters`. */
export function harmlessText(text: string, maxCharacters = MAX_MESSAGE_CHARACTERS): string {
  // Cut first: a server chooses the length.
  const cut = text.slice(0, maxCharacters);
  const shown = cut.replace(HARMFUL, (character) => escapeOf(character));
  return text.length <= maxCharacters ? shown : `${shown}… (${text.length} characters)`;
}

/** What a server said, to be quoted inside one of our sentences: blanks and line ends become one blank. */
export function quoteServer(words: string): string {
  const line = words.slice(0, MAX_MESSAGE_CHARACTERS).replace(/\s+/g, ' ').trim();
  return harmlessText(line, MAX_QUOTED_CHARACTERS);
}

/** The same error where its message and stack are harmless, else one that is; `name` and `code` are kept. */
export function harmlessCause(cause: unknown): unknown {
  if (!(cause instanceof Error)) return cause;
  const message = harmlessText(cause.message);
  if (message === cause.message) return cause;
  const { name } = cause;
  const { code } = cause as Error & { code?: unknown };
  return Object.assign(new Error(message), { name }, code === undefined ? {} : { code });
}

function escapeOf(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
