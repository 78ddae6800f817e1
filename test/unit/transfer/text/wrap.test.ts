import { wrap } from '../../../../transfer/text/wrap.ts';

test.each([
  ['a short line', 'one two', 'one two'],
  ['a line of the length', 'one two th', 'one two th'],
  ['a longer one', 'one two three', 'one two\nthree'],
  ['a word that is longer', 'a wordwithoutspaces b', 'a\nwordwithoutspaces\nb'],
  ['lines of their own', 'one\n\ntwo three four', 'one\n\ntwo three\nfour'],
])('wrapping %s', (_name, text, expected) => {
  expect(wrap(text, 10)).toBe(expected);
});
