import { findKeyCollisions, findLookalikes } from '../../../../folder/target/key-collisions.ts';

test('each of the paths that would become one object', () => {
  const found = findKeyCollisions([
    { path: 'x/a', key: 'a' },
    { path: 'b', key: 'b' },
    { path: 'y/a', key: 'a' },
  ]);

  expect([...found]).toEqual([
    ['x/a', ['x/a', 'y/a']],
    ['y/a', ['x/a', 'y/a']],
  ]);
});

test('names that are taken for one elsewhere', () => {
  const [nfc, nfd] = ['r\u00e9.csv', 're\u0301.csv'];

  expect(findLookalikes([nfc, 'a.csv', nfd, 'A.csv', 'b.csv'])).toEqual([
    { paths: [nfc, nfd], because: 'unicode' },
    { paths: ['a.csv', 'A.csv'], because: 'case' },
  ]);
});
