import { ManifestError, missingMembers, parseManifest } from '../../../../folder/ready/manifest.ts';

test('names, sizes, comments, empty lines, both kinds of line end', () => {
  expect(parseManifest('# daily\r\na.csv\t12\r\n\r\nsub/b c.csv\n', 'in')).toEqual({
    members: [{ path: 'in/a.csv', sizeBytes: 12 }, { path: 'in/sub/b c.csv' }],
  });
});

test('a folder that is the listed one', () => {
  expect(parseManifest('a.csv', '.').members).toEqual([{ path: 'a.csv' }]);
});

test.each<[string, string]>([
  ['', 'it names no file'],
  ['# nothing\n', 'it names no file'],
  ['../a.csv', 'line 1 names "../a.csv"'],
  ['a.csv\n/etc/passwd', 'line 2 names "/etc/passwd"'],
  ['a.csv\t1x', 'line 1 has "1x" for a size'],
  ['a.csv\t', 'line 1 has "" for a size'],
  ['a.csv\t1\tsha', 'line 1 has more than a name and a size'],
])('%p is refused: %s', (text, message) => {
  expect(() => parseManifest(text, 'in')).toThrow(ManifestError);
  expect(() => parseManifest(text, 'in')).toThrow(message);
});

test('a member is missing when it is not there, or not of its size', () => {
  const sizes = new Map([
    ['a', 1],
    ['b', 2],
    ['c', 0],
  ]);
  const manifest = parseManifest('a\t1\nb\t3\nc\nd', '.');

  expect(missingMembers(manifest, (path) => sizes.get(path))).toEqual(['b', 'd']);
});
