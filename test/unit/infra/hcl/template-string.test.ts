// biome-ignore-all lint/suspicious/noTemplateCurlyInString: references of Terraform are what is tested
import { quotedTemplate, soleReference } from '../../../../infra/hcl/template-string.ts';

test.each([
  ['plain text', 'plain', '"plain"'],
  ['nothing', '', '""'],
  ['quotes', '{"a":"b"}', '"{\\"a\\":\\"b\\"}"'],
  ['backslashes and line ends', 'a\\b\nc\td\r', '"a\\\\b\\nc\\td\\r"'],
  ['a reference among quotes', '"${a.b.arn}/*"', '"\\"${a.b.arn}/*\\""'],
  ['quotes inside a reference', 'x ${a["eu-west-1a"].id} "y"', '"x ${a["eu-west-1a"].id} \\"y\\""'],
  ['a brace in a string inside a reference', '${join("}", a)}"', '"${join("}", a)}\\""'],
  ['an escaped quote in a string inside a reference', '${f("\\"}")}"', '"${f("\\"}")}\\""'],
  ['an object inside a reference', '${merge({a = 1}, b)}"', '"${merge({a = 1}, b)}\\""'],
  ['what only looks like a reference', '$${not} %%{this} "', '"$${not} %%{this} \\""'],
  ['a dollar alone', '$.error $ {', '"$.error $ {"'],
])('%s', (_name, text, expected) => {
  expect(quotedTemplate(text)).toBe(expected);
});

test('a reference that nothing closes is no template', () => {
  expect(() => quotedTemplate('${a.b')).toThrow('not closed');
});

test.each([
  ['${a.b.id}', 'a.b.id'],
  ['${toset(["a"])}', 'toset(["a"])'],
  ['${a}${b}', undefined],
  ['${a} ', undefined],
  ['a', undefined],
])('%s has the sole reference %s', (text, expected) => {
  expect(soleReference(text)).toBe(expected);
});
