import { html } from '../../../../cli/report/html.ts';

test('values are escaped for text and for quoted attributes', () => {
  const name = `<b title="x">&'`;

  expect(html`<p title="${name}">${name}</p>`.markup).toBe(
    '<p title="&lt;b title=&quot;x&quot;&gt;&amp;&#39;">&lt;b title=&quot;x&quot;&gt;&amp;&#39;</p>',
  );
});

test('markup goes in as it is, lists one after the other, absent values not at all', () => {
  const items = ['a', '<'].map((item) => html`<li>${item}</li>`);

  expect(html`<ul>${items}${undefined}${false}${0}</ul>`.markup).toBe('<ul><li>a</li><li>&lt;</li>0</ul>');
});

test.each([
  ['a line end', 'a\nb', 'a\\u{a}b'],
  ['a terminal escape', '\u001b[31m', '\\u{1b}[31m'],
  ['a turn of the writing direction', 'exe\u202Egpj', 'exe\\u{202e}gpj'],
  ['a lone surrogate', 'a\ud800b', 'a\\u{d800}b'],
  ['an emoji, which is a pair of them', 'a😀b', 'a😀b'],
  ['other scripts', 'Übersicht 東京 दिल्ली', 'Übersicht 東京 दिल्ली'],
])('%s is shown', (_name, text, shown) => {
  expect(html`${text}`.markup).toBe(shown);
});

test('a placeholder-like text in a value is no placeholder', () => {
  expect(html`<p>${'$& $1 $`'}</p>`.markup).toBe('<p>$&amp; $1 $`</p>');
});
