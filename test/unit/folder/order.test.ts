import { compareFiles, DEFAULT_ORDER, type OrderKey } from '../../../folder/order.ts';

const FILES = [
  { path: 'b', sizeBytes: 1, modifiedAtSeconds: 30 },
  { path: 'a', sizeBytes: 2, modifiedAtSeconds: 30 },
  { path: 'c', sizeBytes: 3, modifiedAtSeconds: 10 },
];

test.each<[string, readonly OrderKey[], string]>([
  ['the default: oldest first, then by name', DEFAULT_ORDER, 'cab'],
  ['newest first', ['-mtime'], 'abc'],
  ['by name', ['name'], 'abc'],
  ['by name downwards', ['-name'], 'cba'],
  ['largest first', ['-size'], 'cab'],
  ['smallest first', ['size'], 'bac'],
  ['a second key decides where the first does not', ['mtime', '-name'], 'cba'],
])('%s', (_name, keys, expected) => {
  for (const files of [FILES, FILES.toReversed()]) {
    expect(
      [...files]
        .sort(compareFiles(keys))
        .map(({ path }) => path)
        .join(''),
    ).toBe(expected);
  }
});
