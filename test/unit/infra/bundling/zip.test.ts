import { zip } from '../../../../infra/bundling/zip.ts';

/** By hand after APPNOTE.TXT: one file `a` holding `A`, whose CRC-32 is D3D99E8B. */
const LOCAL = `504b0304 1400 0008 0000 0000 2100 8b9ed9d3 01000000 01000000 0100 0000 61 41`;
const DIRECTORY = `504b0102 1403 1400 0008 0000 0000 2100 8b9ed9d3 01000000 01000000 0100 0000 0000 0000 0000 0000a481 00000000 61`;
const END = `504b0506 0000 0000 0100 0100 2f000000 20000000 0000`;

const entry = (name: string, text: string) => ({ name, bytes: Buffer.from(text) });

test('an archive of one file, byte for byte', () => {
  const expected = `${LOCAL}${DIRECTORY}${END}`.replaceAll(' ', '');
  expect(zip([entry('a', 'A')]).toString('hex')).toBe(expected);
});

test('the order in which files are given does not matter', () => {
  const files = [entry('index.js.map', '{}'), entry('index.js', 'x'), entry('a/b', '')];
  expect(zip(files)).toEqual(zip([...files].reverse()));
});

test('a rename and a change both give another archive', () => {
  const before = zip([entry('index.js', 'x')]);
  expect(zip([entry('index.cjs', 'x')])).not.toEqual(before);
  expect(zip([entry('index.js', 'y')])).not.toEqual(before);
});
