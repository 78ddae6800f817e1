import { folderRules } from '../../../folder/folder-rules.ts';
import { folderSettingsSchema } from '../../../folder/settings.ts';

const settings = (changes: object = {}) => folderSettingsSchema.parse({ path: '/in', ...changes });

test('what is left out of the settings is no rule', () => {
  const rules = folderRules({ settings: settings(), keyPrefix: 'acme/' });
  for (const absent of ['trigger', 'limit', 'only', 'force']) expect(rules).not.toHaveProperty(absent);
  expect(rules.ready).not.toHaveProperty('giveUpAfterHours');
  expect(rules).toMatchObject({ initial: 'all', select: 'all', target: { prefix: 'acme/' } });
});

test('every rule comes from its setting', () => {
  const rules = folderRules({
    settings: settings({
      include: ['*.csv'],
      exclude: ['x*'],
      caseSensitive: false,
      maxDepth: 2,
      order: ['-size'],
      select: 'latest',
      limit: 7,
      target: 'in/{name}',
      timeZone: 'Europe/Berlin',
      maxFailures: 3,
      ready: {
        quietSeconds: 9,
        minBytes: 2,
        ignore: ['*.x'],
        giveUpAfterHours: 6,
        trigger: { kind: 'per-file', name: '{name}.done', required: true },
      },
    }),
    keyPrefix: '',
  });
  expect(rules).toMatchObject({
    names: { include: ['*.csv'], exclude: ['x*'], ignore: ['*.x'], caseSensitive: false, maxDepth: 2 },
    ready: { quietSeconds: 9, minBytes: 2, giveUpAfterHours: 6 },
    trigger: { kind: 'per-file', name: '{name}.done', required: true },
    order: ['-size'],
    select: 'latest',
    limit: 7,
    target: { prefix: '', template: { text: 'in/{name}' } },
    timeZone: 'Europe/Berlin',
    maxFailures: 3,
  });
});

test.each<[string, unknown, unknown]>([
  ['none', 'none', 'none'],
  ['all', 'all', 'all'],
  ['a time', { newerThan: '2026-11-25T00:00:00Z' }, { newerThanSeconds: 1_795_564_800 }],
])('initial: %s', (_name, initial, expected) => {
  const run = { settings: settings({ initial }), keyPrefix: '', baseline: new Map() };
  expect(folderRules(run).initial).toEqual(expected);
});

test('without a first listing to compare with, nothing is left out: it would be left out for ever', () => {
  expect(folderRules({ settings: settings({ initial: 'none' }), keyPrefix: '' }).initial).toBe('all');
});

test('an empty list of paths is a list: of nothing', () => {
  const rules = folderRules({ settings: settings(), keyPrefix: '', only: [] });
  expect(rules.only).toEqual(new Set());
});

test('force is on only where it was asked for', () => {
  const run = { settings: settings(), keyPrefix: '' };
  expect(folderRules({ ...run, force: true }).force).toBe(true);
  expect(folderRules({ ...run, force: false })).not.toHaveProperty('force');
});

test('an unknown token is refused before anything is decided', () => {
  const run = { settings: { ...settings(), target: '{nme}' }, keyPrefix: '' };
  expect(() => folderRules(run)).toThrow('there is no token {nme}');
});
