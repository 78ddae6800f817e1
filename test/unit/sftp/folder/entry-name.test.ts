import { isSelfOrParent, judgeName } from '../../../../sftp/folder/entry-name.ts';

const bytes = (...values: (number | string)[]) =>
  Buffer.concat(
    values.map((value) => (typeof value === 'string' ? Buffer.from(value) : Buffer.from([value]))),
  );

test.each<[string, Buffer, object]>([
  ['a name', bytes('a.csv'), { name: 'a.csv' }],
  ['a newline', bytes('a\nb'), { name: 'a\nb' }],
  ['a replacement character that is really there', bytes('a\ufffd'), { name: 'a\ufffd' }],
  ['three dots', bytes('...'), { name: '...' }],
  ['Latin-1', bytes('r', 0xe9), { shown: 'r\\xE9', problem: 'not-utf-8' }],
  ['half a character', bytes(0xc3), { shown: '\\xC3', problem: 'not-utf-8' }],
  ['a backslash beside it', bytes('\\', 0xff), { shown: '\\x5C\\xFF', problem: 'not-utf-8' }],
  ['an absolute path', bytes('/etc/passwd'), { shown: '/etc/passwd', problem: 'slash-in-name' }],
  ['a way out', bytes('../x'), { shown: '../x', problem: 'slash-in-name' }],
  ['NUL', bytes('a', 0, 'b'), { shown: 'a\\x00b', problem: 'nul-in-name' }],
  ['nothing', bytes(), { shown: '', problem: 'empty' }],
])('%s', (_name, name, expected) => {
  expect(judgeName({ name }, 10)).toEqual(expected);
});

test('a path of 4,095 bytes is one, of 4,096 none', () => {
  expect(judgeName({ name: Buffer.alloc(95, 'a') }, 4_000)).toHaveProperty('name');
  expect(judgeName({ name: Buffer.alloc(96, 'a') }, 4_000)).toMatchObject({ problem: 'path-too-long' });
});

test('where the bytes are lost, a replacement character may be any', () => {
  expect(judgeName({ name: bytes('a\ufffd'), isLossy: true }, 10)).toMatchObject({ problem: 'not-utf-8' });
  expect(judgeName({ name: bytes('a'), isLossy: true }, 10)).toEqual({ name: 'a' });
});

test('the folder itself and the one above it are no names', () => {
  expect(['.', '..', '...', '.a'].map((name) => isSelfOrParent({ name: Buffer.from(name) }))).toEqual([
    true,
    true,
    false,
    false,
  ]);
});
