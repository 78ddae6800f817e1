import { canRedraw, showsUnicode } from '../../../../cli/terminal/terminal-kind.ts';

test.each([
  [{ isTTY: true }, { TERM: 'xterm-256color' }, true],
  [{ isTTY: true }, {}, true],
  [{ isTTY: true }, { TERM: 'dumb' }, false],
  [{ isTTY: false }, { TERM: 'xterm' }, false],
  [{}, { TERM: 'xterm' }, false],
])('%j with %j can redraw a line: %s', (stream, environment, expected) => {
  expect(canRedraw(stream, environment)).toBe(expected);
});

test.each([
  [{}, true],
  [{ LANG: 'en_US.UTF-8' }, true],
  [{ LANG: 'C.utf8' }, true],
  [{ LC_ALL: 'C', LANG: 'en_US.UTF-8' }, false],
  [{ LC_CTYPE: 'POSIX', LANG: 'en_US.UTF-8' }, false],
  [{ LC_ALL: '', LANG: 'de_DE.ISO-8859-1' }, false],
  [{ LC_ALL: 'C.UTF-8' }, true],
])('%j shows more than ASCII: %s', (environment, expected) => {
  expect(showsUnicode(environment)).toBe(expected);
});
