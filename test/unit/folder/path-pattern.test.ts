import { compilePattern, countGroups } from '../../../folder/path-pattern.ts';

const NFC = 'r\u00e9sum\u00e9.csv';
const NFD = 're\u0301sume\u0301.csv';

test.each<[string, string, string, string[] | undefined]>([
  // name, pattern, path, what is captured
  ['a glob of the folder itself', '*.csv', 'a.csv', ['a']],
  ['a glob does not reach into folders', '*.csv', 'in/a.csv', undefined],
  ['a name of one folder', 'in/*.csv', 'in/a.csv', ['a']],
  ['** in the middle matches a folder', 'in/**/a.csv', 'in/x/y/a.csv', ['x/y']],
  ['** in the middle matches none', 'in/**/a.csv', 'in/a.csv', ['']],
  ['** alone matches everything', '**', 'in/x/a.csv', ['in/x/a.csv']],
  ['** at the end wants a folder before it', 'old/**', 'old', undefined],
  ['** at the end matches what is below', 'old/**', 'old/x/a', ['x/a']],
  ['a leading dot is matched', '*', '.profile', ['.profile']],
  ['an exclamation mark is a character', '!a.csv', 'a.csv', undefined],
  ['a newline in a name is matched by *', '*.csv', 'a\nb.csv', ['a\nb']],
  ['a newline in a name is matched by **', '**', 'x/a\nb.csv', ['x/a\nb.csv']],
  ['a pattern is anchored at its end', '*.csv', 'a.csv.part', undefined],
  ['a name cannot end a pattern by a newline', '*.csv', 'a.csv\nx', undefined],
  ['an expression', 're:export_(\\d{8})\\.zip', 'export_20261125.zip', ['20261125']],
  ['an expression is anchored at its start', 're:export\\.zip', 'x/export.zip', undefined],
  ['an expression is anchored over its alternatives', 're:a|b', 'ab', undefined],
  ['an expression and a newline at the end', 're:a\\.csv', 'a.csv\n', undefined],
  ['an expression crosses no folder by itself', 're:[^/]+\\.csv', 'in/a.csv', undefined],
  ['composed pattern, decomposed name', NFC, NFD, []],
  ['decomposed pattern, composed name', NFD, NFC, []],
  ['a group that took no part is empty', 're:(a)|(b)', 'b', ['', 'b']],
])('%s', (_name, text, path, groups) => {
  expect(compilePattern(text, { caseSensitive: true }).match(path)).toEqual(groups);
});

test.each<[string, string, boolean, boolean]>([
  ['*.CSV', 'a.csv', true, false],
  ['*.CSV', 'a.csv', false, true],
  ['re:A\\.csv', 'a.CSV', true, false],
  ['re:A\\.csv', 'a.CSV', false, true],
])('%s with %s, case-sensitive %s: %s', (text, path, caseSensitive, matches) => {
  expect(compilePattern(text, { caseSensitive }).match(path) !== undefined).toBe(matches);
});

test.each(['', 're:(', 're:a)|(b'])('%p is no pattern', (text) => {
  expect(() => compilePattern(text, { caseSensitive: true })).toThrow(SyntaxError);
});

test.each<[string, number]>([
  ['*.csv', 1],
  ['a.csv', 0],
  ['re:(a)(?:b)(c)', 2],
  ['re:a|b', 0],
])('%s captures %i', (text, count) => {
  expect(countGroups(text)).toBe(count);
});
