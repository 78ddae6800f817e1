import {
  copiesInOrder,
  decideFolder,
  type FolderKnowledge,
  type FolderRules,
} from '../../../folder/decide.ts';
import { countOutcomes } from '../../../folder/decision.ts';
import { DEFAULT_ORDER } from '../../../folder/order.ts';
import { parseManifest } from '../../../folder/ready/manifest.ts';
import { calendarTime } from '../../../folder/target/date-format.ts';
import { parseTemplate } from '../../../folder/target/target-template.ts';
import type { LandedGeneration, LedgerEntry } from '../../../ledger/entry.ts';
import type { ListedEntry } from '../../../transfer/source/listed-entry.ts';

const NOW = Date.parse('2026-11-25T06:00:00Z');
const LONG_AGO = NOW - 999_999_999;
const QUIET = { sinceMs: LONG_AGO, lastSeenMs: NOW, firstSeenMs: LONG_AGO, changes: 0 };

const RULES: FolderRules = {
  names: { include: ['**'], exclude: ['old/**'], ignore: ['*.part'], caseSensitive: true, maxDepth: 3 },
  ready: { quietSeconds: 120, minBytes: 0 },
  order: DEFAULT_ORDER,
  select: 'all',
  initial: 'all',
  target: { prefix: 'landing/', template: parseTemplate('{path}') },
  timeZone: 'UTC',
  maxFailures: 3,
};

const file = (path: string, sizeBytes = 10, modifiedAtSeconds = 500): ListedEntry => ({
  path,
  kind: 'file',
  sizeBytes,
  modifiedAtSeconds,
});

const landedAs = (sizeBytes: number, modifiedAtSeconds: number): LandedGeneration => ({
  sizeBytes,
  modifiedAtSeconds,
  generation: 1,
  owner: 'run-1',
  landedAtMs: LONG_AGO,
  object: { bucket: 'b', key: 'k', etag: 'e' },
  after: { action: 'none', doneAtMs: LONG_AGO },
});

const row = (path: string, parts: Partial<LedgerEntry>): LedgerEntry => ({
  path,
  revision: 'r',
  firstSeenMs: LONG_AGO,
  lastGeneration: 1,
  ...parts,
});

const LANDED = { landed: landedAs(10, 500) };

/** Everything was seen long ago, equal, unless a test says otherwise. */
function decide(
  entries: ListedEntry[],
  {
    rules = {},
    rows = [],
    known = {},
  }: {
    rules?: Partial<FolderRules>;
    rows?: LedgerEntry[];
    known?: Partial<FolderKnowledge>;
  } = {},
) {
  const byPath = new Map(entries.map((entry) => [entry.path, entry]));
  return decideFolder(
    { ...RULES, ...rules },
    {
      entries,
      ledger: (path) => rows.find((one) => one.path === path),
      observations: (path) => {
        const { sizeBytes = 0, modifiedAtSeconds = 0 } = byPath.get(path) ?? {};
        return { sizeBytes, modifiedAtSeconds, ...QUIET };
      },
      baseline: () => undefined,
      manifests: new Map(),
      isSpentTrigger: () => false,
      run: calendarTime(NOW, 'UTC'),
      nowMs: NOW,
      ...known,
    },
  );
}

const brief = (decisions: ReturnType<typeof decide>) =>
  decisions.map(({ path, outcome, reason }) => [
    path,
    reason === undefined ? outcome : `${outcome}(${reason})`,
  ]);

test.each<[string, ListedEntry, string]>([
  ['a new file', file('a.csv'), 'copy'],
  ['an empty file', file('a.csv', 0), 'copy'],
  ['a file of the year 1970', file('a.csv', 10, 0), 'copy'],
  ['a file of the future', file('a.csv', 10, 9_999_999_999), 'copy'],
  ['a newline in a name', file('a\nb.csv'), 'copy'],
  ['an excluded one', file('old/a.csv'), 'excluded(pattern)'],
  ['one too deep', file('1/2/3/4/a.csv'), 'excluded(depth)'],
  ['a temporary name', file('a.csv.part'), 'ignored-temporary'],
  ['a folder named like a file', { ...file('a.csv'), kind: 'folder' }, 'not-a-file(folder)'],
  ['a pipe', { path: 'a.csv', kind: 'other' }, 'not-a-file(pipe, socket or device)'],
  ['a link', { ...file('a.csv'), kind: 'link' }, 'link'],
  ['a link with a temporary name', { ...file('a.part'), kind: 'link' }, 'ignored-temporary'],
  ['no attributes', { path: 'a.csv', kind: 'file' }, 'no-attributes'],
  ['no attributes, not even a kind', { path: 'a.csv', kind: 'unknown' }, 'no-attributes'],
  ['a size and no kind: opening it will show', { ...file('a.csv'), kind: 'unknown' }, 'copy'],
  ['not UTF-8', { path: 'a\\xE9.csv', kind: 'file', nameProblem: 'not-utf-8' }, 'bad-name(not-utf-8)'],
  [
    'a folder that is not UTF-8',
    { path: '\\xE9', kind: 'folder', nameProblem: 'not-utf-8' },
    'bad-name(not-utf-8)',
  ],
  [
    'a name too long for a key',
    file(`${'a'.repeat(1_020)}.csv`),
    'bad-name(no object key: S3 keys have at most 1024 bytes, not 1032)',
  ],
])('%s', (_name, entry, expected) => {
  expect(brief(decide([entry]))).toEqual([[entry.path, expected]]);
});

test.each<[string, Partial<LedgerEntry>, ListedEntry, string]>([
  ['landed as it is', LANDED, file('a'), 'landed'],
  ['the same name, new content', LANDED, file('a', 11, 600), 'copy'],
  ['the same name, another size only', LANDED, file('a', 11, 500), 'copy'],
  ['the same name, an older time', LANDED, file('a', 10, 400), 'copy'],
  ['on hold', { hold: { sinceMs: 0, reason: 'wrong file' } }, file('a'), 'held(wrong file)'],
  ['landed, and on hold', { ...LANDED, hold: { sinceMs: 0, reason: 'x' } }, file('a'), 'held(x)'],
  ['being copied by another run', { attempt: claimedUntil(NOW + 1) }, file('a'), 'owned-by-other'],
  ['claimed by a run that is gone', { attempt: claimedUntil(NOW) }, file('a'), 'copy'],
  [
    'an older delivery landed, the new one is being copied',
    { ...LANDED, attempt: claimedUntil(NOW + 1) },
    file('a', 11),
    'owned-by-other',
  ],
  ['failed twice', { attempt: failed(2) }, file('a'), 'copy'],
  ['failed too often', { attempt: failed(3) }, file('a'), 'failed-too-often(UploadFailedError)'],
  ['failed too often, but there is a new one', { attempt: failed(3) }, file('a', 11), 'copy'],
])('%s', (_name, parts, entry, expected) => {
  expect(brief(decide([entry], { rows: [row('a', parts)] }))).toEqual([['a', expected]]);
});

test('a file that comes late with an old time is new all the same', () => {
  const newest = row('new', { landed: landedAs(10, 9_000) });
  const decisions = decide([file('new', 10, 9_000), file('late', 10, 1)], { rows: [newest] });
  expect(brief(decisions)).toEqual([
    ['new', 'landed'],
    ['late', 'copy'],
  ]);
});

test('a file that was not quiet for long enough says when it will be', () => {
  const known = {
    observations: () => ({
      sizeBytes: 10,
      modifiedAtSeconds: 500,
      sinceMs: NOW - 20_000,
      lastSeenMs: NOW,
      firstSeenMs: 0,
      changes: 1,
    }),
  };
  expect(decide([file('a')], { known })).toEqual([
    {
      path: 'a',
      sizeBytes: 10,
      modifiedAtSeconds: 500,
      outcome: 'not-ready',
      reason: 'quiet-period',
      overdue: false,
      readyAtMs: NOW + 100_000,
    },
  ]);
});

test('two names, one key: neither', () => {
  const rules = { target: { prefix: '', template: parseTemplate('{name}') } };
  const decisions = decide([file('x/a'), file('y/a'), file('z/b')], { rules });
  expect(brief(decisions)).toEqual([
    ['x/a', 'key-collision(with "y/a")'],
    ['y/a', 'key-collision(with "x/a")'],
    ['z/b', 'copy'],
  ]);
});

test('two names, one key, and the first has landed: it stays landed, the second is refused', () => {
  const rules = { target: { prefix: '', template: parseTemplate('{name}') } };
  const decisions = decide([file('x/a'), file('y/a')], { rules, rows: [row('x/a', LANDED)] });
  expect(brief(decisions)).toEqual([
    ['x/a', 'landed'],
    ['y/a', 'key-collision(with "x/a")'],
  ]);
});

test('NFC and NFD twins are two files', () => {
  const twins = [file('r\u00e9.csv'), file('re\u0301.csv')];
  expect(decide(twins).map(({ copy }) => copy?.key)).toEqual(['landing/r\u00e9.csv', 'landing/re\u0301.csv']);
});

test('the key is made of the next generation, and of the same one where a try goes on', () => {
  const rules = { target: { prefix: '', template: parseTemplate('{generation}/{name}') } };
  const rows = [
    row('landed', { ...LANDED, lastGeneration: 4 }),
    row('failed', { attempt: { ...failed(1), generation: 7 }, lastGeneration: 7 }),
  ];
  const decisions = decide([file('new'), file('landed', 11), file('failed')], { rules, rows });
  expect(decisions.map(({ copy }) => copy?.key)).toEqual(['1/new', '5/landed', '7/failed']);
});

test('the limit comes after the order, and landed files do not count', () => {
  const entries = [file('d', 1, 4), file('a', 10, 500), file('b', 1, 3), file('c', 1, 2)];
  const decisions = decide(entries, { rules: { limit: 2 }, rows: [row('a', LANDED)] });

  expect(brief(decisions)).toEqual([
    ['d', 'excluded(limit)'],
    ['a', 'landed'],
    ['b', 'copy'],
    ['c', 'copy'],
  ]);
  expect(copiesInOrder(decisions, DEFAULT_ORDER).map(({ path }) => path)).toEqual(['c', 'b']);
});

test('the latest only, even where an older one is new and the latest has landed', () => {
  const entries = [file('a', 10, 500), file('b', 1, 3), file('x.part', 1, 900)];
  const decisions = decide(entries, { rules: { select: 'latest' }, rows: [row('a', LANDED)] });
  expect(brief(decisions)).toEqual([
    ['a', 'landed'],
    ['b', 'excluded(latest)'],
    ['x.part', 'ignored-temporary'],
  ]);
});

test.each<[string, FolderRules['initial'], string[]]>([
  ['all', 'all', ['copy', 'copy', 'copy']],
  ['none of those that were there', 'none', ['excluded', 'excluded', 'copy']],
  ['those that are newer', { newerThanSeconds: 500 }, ['excluded', 'copy', 'copy']],
])('of the first listing: %s', (_name, initial, outcomes) => {
  const atFirst = new Map([
    ['old', file('old', 10, 500)],
    ['newer', file('newer', 10, 501)],
  ]);
  const known = {
    baseline: (path: string) => {
      const entry = atFirst.get(path);
      return entry && { sizeBytes: 10, modifiedAtSeconds: entry.modifiedAtSeconds ?? 0 };
    },
  };
  const decisions = decide([file('old'), file('newer', 10, 501), file('later', 10, 1)], {
    rules: { initial },
    known,
  });
  expect(decisions.map(({ outcome }) => outcome)).toEqual(outcomes);
});

test('a file of the first listing that has changed since is wanted', () => {
  const known = { baseline: () => ({ sizeBytes: 9, modifiedAtSeconds: 500 }) };
  expect(brief(decide([file('a')], { rules: { initial: 'none' }, known }))).toEqual([['a', 'copy']]);
});

describe('triggers', () => {
  const trigger = { kind: 'per-file', name: '{stem}.ok', required: true } as const;
  const moving = { observations: () => undefined };

  test('release their file at the first look, and are no data', () => {
    const decisions = decide([file('a.csv'), file('a.ok', 0, 501)], { rules: { trigger }, known: moving });
    expect(brief(decisions)).toEqual([
      ['a.csv', 'copy'],
      ['a.ok', 'excluded(trigger)'],
    ]);
    expect(decisions[0]?.copy?.trigger).toEqual({ path: 'a.ok', sizeBytes: 0, modifiedAtSeconds: 501 });
  });

  test('two files of one stem are released by one trigger', () => {
    const entries = [file('a.csv'), file('a.xml'), file('a.ok', 0, 501)];
    expect(brief(decide(entries, { rules: { trigger } }))).toEqual([
      ['a.csv', 'copy'],
      ['a.xml', 'copy'],
      ['a.ok', 'excluded(trigger)'],
    ]);
  });

  test('without its file a trigger does nothing', () => {
    expect(brief(decide([file('a.ok')], { rules: { trigger } }))).toEqual([['a.ok', 'excluded(trigger)']]);
  });

  test("yesterday's does not release today's half file", () => {
    const known = { isSpentTrigger: (path: string) => path === 'a.ok' };
    const decisions = decide([file('a.csv', 10, 900), file('a.ok', 0, 501)], { rules: { trigger }, known });
    expect(brief(decisions)).toEqual([
      ['a.csv', 'not-ready(stale-trigger)'],
      ['a.ok', 'excluded(trigger)'],
    ]);
  });

  test('a folder of that name is no trigger', () => {
    const decisions = decide([file('a.csv'), { ...file('a.ok'), kind: 'folder' }], { rules: { trigger } });
    expect(brief(decisions)[0]).toEqual(['a.csv', 'not-ready(no-trigger)']);
  });

  test('one for the folder is beside the file, not above it', () => {
    const rules = { trigger: { kind: 'per-folder', name: '_SUCCESS', required: true } as const };
    const decisions = decide([file('x/a'), file('y/b'), file('x/_SUCCESS', 0, 501)], { rules });
    expect(brief(decisions)).toEqual([
      ['x/a', 'copy'],
      ['y/b', 'not-ready(no-trigger)'],
      ['x/_SUCCESS', 'excluded(trigger)'],
    ]);
  });
});

describe('a manifest', () => {
  const rules = { trigger: { kind: 'manifest', name: 'list.txt', required: true } as const };
  const entries = [file('a'), file('b', 20), file('c'), file('list.txt', 9, 501)];
  const manifests = (text: string) => ({
    known: { manifests: new Map([['list.txt', parseManifest(text, '.')]]) },
  });

  test.each<[string, string, string[]]>([
    ['all are there', 'a\t10\nb\t20', ['copy', 'copy', 'not-ready(not-in-manifest)', 'excluded(trigger)']],
    [
      'one is missing',
      'a\nd',
      [
        'not-ready(manifest-incomplete)',
        'not-ready(not-in-manifest)',
        'not-ready(not-in-manifest)',
        'excluded(trigger)',
      ],
    ],
    [
      'one has another size',
      'a\t11\nb',
      [
        'not-ready(manifest-incomplete)',
        'not-ready(manifest-incomplete)',
        'not-ready(not-in-manifest)',
        'excluded(trigger)',
      ],
    ],
  ])('%s', (_name, text, expected) => {
    expect(brief(decide(entries, { rules, ...manifests(text) })).map(([, outcome]) => outcome)).toEqual(
      expected,
    );
  });

  test('that cannot be read releases nothing', () => {
    const known = { manifests: new Map([['list.txt', { problem: 'line 1 names nothing' }]]) };
    expect(brief(decide([file('a'), file('list.txt', 9, 501)], { rules, known }))[0]).toEqual([
      'a',
      'not-ready(manifest-incomplete)',
    ]);
  });
});

test('every entry has one outcome, however odd the listing', () => {
  const entries = [
    file('a'),
    { path: 'b', kind: 'folder' as const },
    { path: '\\x00', kind: 'file' as const, nameProblem: 'nul-in-name' as const },
    file('a.part'),
  ];
  const counts = countOutcomes(decide(entries));
  expect(Object.values(counts).reduce((sum, count) => sum + count)).toBe(4);
  expect(counts).toMatchObject({ copy: 1, 'not-a-file': 1, 'bad-name': 1, 'ignored-temporary': 1 });
});

test('an empty folder', () => {
  expect(decide([])).toEqual([]);
});

function claimedUntil(untilMs: number) {
  return {
    sizeBytes: 10,
    modifiedAtSeconds: 500,
    generation: 2,
    state: 'CLAIMED',
    failures: 0,
    claim: { owner: 'x', untilMs },
  } as const;
}

function failed(failures: number) {
  return {
    sizeBytes: 10,
    modifiedAtSeconds: 500,
    generation: 2,
    state: 'FAILED',
    failures,
    error: { name: 'UploadFailedError', message: '' },
  } as const;
}
