import { readFileSync } from 'node:fs';
import { type ParseError, type ParseErrorCode, parse, printParseErrorCode } from 'jsonc-parser';
import { ConfigurationError, type Mistake } from './mistakes.ts';

/** How text editors and shells mark the encoding: https://www.unicode.org/faq/utf_bom.html#bom4 */
const UTF8_MARK = Buffer.from([0xef, 0xbb, 0xbf]);
const UTF16_MARKS = [Buffer.from([0xff, 0xfe]), Buffer.from([0xfe, 0xff])];

const WHAT_IS_WRONG: Partial<Record<ReturnType<typeof printParseErrorCode>, string>> = {
  InvalidSymbol: 'a word that is neither a string in quotes, a number, true, false nor null',
  InvalidNumberFormat: 'a number that JSON does not know',
  PropertyNameExpected: 'the name of a setting is missing here, or a comma is too many',
  ValueExpected: 'a value is missing here, or a comma is too many',
  ColonExpected: 'a colon is missing',
  CommaExpected: 'a comma is missing',
  CloseBraceExpected: 'the closing } is missing',
  CloseBracketExpected: 'the closing ] is missing',
  EndOfFileExpected: 'the file goes on behind its end',
  InvalidCommentToken: 'JSON has no comments',
  UnexpectedEndOfComment: 'JSON has no comments',
  UnexpectedEndOfString: 'the closing quote of a string is missing',
};

/**
 * The text of the configuration file, without a byte order mark.
 * @throws ConfigurationError when there is none, or when its encoding is not UTF-8
 */
export function readConfigurationText(file: string): string {
  const bytes = readBytes(file);
  if (UTF16_MARKS.some((mark) => bytes.subarray(0, 2).equals(mark)) || bytes.subarray(0, 4).includes(0)) {
    throw mistake(
      file,
      'it must be UTF-8, but it is UTF-16, which is what > writes in Windows PowerShell; save it as UTF-8',
    );
  }
  const isMarked = bytes.subarray(0, UTF8_MARK.length).equals(UTF8_MARK);
  return bytes.subarray(isMarked ? UTF8_MARK.length : 0).toString('utf8');
}

/** @throws ConfigurationError that names line and column */
export function parseJsonText(text: string, file: string): unknown {
  const errors: ParseError[] = [];
  const value: unknown = parse(text, errors, { disallowComments: true, allowTrailingComma: false });
  const [first] = errors;
  if (first === undefined) return value;
  if (!/^\s*[[{"]/.test(text) || /\.ya?ml$/i.test(file)) {
    throw mistake(file, 'it must be JSON, an object in braces; YAML and other formats are not read');
  }
  throw mistake(file, `it must be JSON: ${placeOf(text, first.offset)}: ${wordsOf(first.error)}`);
}

function readBytes(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const why = code === 'ENOENT' ? 'there is no such file' : `it cannot be read: ${message}`;
    throw mistake(file, `${why}; SFTP_TO_S3_CONFIG names the configuration file`);
  }
}

function mistake(file: string, bound: string): ConfigurationError {
  const wrong: Mistake = { path: '', value: undefined, bound };
  return new ConfigurationError(file, [wrong]);
}

function wordsOf(code: ParseErrorCode): string {
  const name = printParseErrorCode(code);
  return WHAT_IS_WRONG[name] ?? name;
}

/** `line 12, column 5`, both from 1. */
function placeOf(text: string, offset: number): string {
  const before = text.slice(0, offset).split('\n');
  return `line ${before.length}, column ${(before.at(-1) ?? '').length + 1}`;
}
