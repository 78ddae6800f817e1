import { compileNameRules, depthOf } from '../../../folder/select-files.ts';
import { DEFAULT_IGNORE } from '../../../folder/settings.ts';

const RULES = {
  include: ['**'],
  exclude: ['old/**'],
  ignore: DEFAULT_IGNORE,
  caseSensitive: true,
  maxDepth: 1,
};

test.each<[string, string, ReturnType<ReturnType<typeof compileNameRules>>]>([
  ['a file right in the folder', 'a.csv', { wanted: true, groups: ['a.csv'] }],
  ['a file at the last depth', 'in/a.csv', { wanted: true, groups: ['in/a.csv'] }],
  ['a file below it', 'in/x/a.csv', { wanted: false, because: 'depth' }],
  ['an excluded file', 'old/a.csv', { wanted: false, because: 'pattern' }],
  ['a temporary name', 'a.csv.part', { wanted: false, because: 'temporary-name' }],
  ['a temporary name in a folder', 'in/.a.csv', { wanted: false, because: 'temporary-name' }],
  [
    'a temporary name that begins with a tilde',
    '~$report.xlsx',
    { wanted: false, because: 'temporary-name' },
  ],
  ['a folder with a temporary name hides nothing', '.in/a.csv', { wanted: true, groups: ['.in/a.csv'] }],
])('%s', (_name, path, verdict) => {
  expect(compileNameRules(RULES)(path)).toEqual(verdict);
});

test.each([
  '.x',
  'x.part',
  'x.partial',
  'x.tmp',
  'x.temp',
  'x.filepart',
  'x.crdownload',
  'x.inprogress',
  'x.writing',
])('%s is a temporary name', (name) => {
  expect(compileNameRules(RULES)(name)).toEqual({ wanted: false, because: 'temporary-name' });
});

test('the ignore list can be replaced by none', () => {
  expect(compileNameRules({ ...RULES, ignore: [] })('.x').wanted).toBe(true);
});

test('nothing matches an include that is another', () => {
  const judge = compileNameRules({ ...RULES, include: ['*.csv', '*.txt'] });
  expect([judge('a.csv').wanted, judge('a.txt').wanted, judge('a.zip').wanted]).toEqual([true, true, false]);
});

test.each<[string, number]>([
  ['a', 0],
  ['x/a', 1],
  ['x/y/a', 2],
])('%s is %i deep', (path, depth) => {
  expect(depthOf(path)).toBe(depth);
});
