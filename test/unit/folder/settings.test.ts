import {
  refuseCollidingTargets,
  refuseFolderSettings,
  refuseSessions,
} from '../../../folder/refuse-settings.ts';
import { DEFAULT_IGNORE, folderSettingsSchema } from '../../../folder/settings.ts';

test('a path is enough', () => {
  expect(folderSettingsSchema.parse({ path: '/in' })).toEqual({
    path: '/in',
    include: ['**'],
    exclude: [],
    caseSensitive: true,
    maxDepth: 0,
    links: 'skip',
    order: ['mtime', 'name'],
    select: 'all',
    initial: 'all',
    target: '{path}',
    timeZone: 'UTC',
    redelivery: 'by-identity',
    onEmptyFolder: 'ok',
    maxFailures: 5,
    ready: { quietSeconds: 120, minBytes: 0, ignore: DEFAULT_IGNORE },
    afterProof: {
      action: 'none',
      onConflict: 'suffix',
      graceHours: 0,
      triggerToo: true,
      createFolders: false,
    },
  });
});

test.each<[string, object, string, string]>([
  ['an unknown token', { target: '{file}' }, 'target', 'there is no token {file}'],
  ['an expression that is none', { include: ['re:('] }, 'include.0', 'it must be a glob, or an expression'],
  ['no include', { include: [] }, 'include', 'at least one pattern'],
  ['too deep', { maxDepth: 101 }, 'maxDepth', '0 to 100'],
  ['an unknown order', { order: ['age'] }, 'order.0', 'it must be one of name, mtime, size'],
  ['no limit at all', { limit: 0 }, 'limit', '1 to 10000000'],
  ['an unknown zone', { timeZone: 'Mars/Base' }, 'timeZone', 'IANA'],
  [
    'a trigger for all, a name for each',
    { ready: { trigger: { kind: 'per-folder', name: '{name}.ok' } } },
    'ready.trigger.name',
    'one fixed name',
  ],
  ['a quiet time that is negative', { ready: { quietSeconds: -1 } }, 'ready.quietSeconds', '0 to 86400'],
  [
    'an archive with an unknown token',
    { afterProof: { action: 'move', to: '/a/{x}' } },
    'afterProof.to',
    'no token {x}',
  ],
])('%s is refused', (_name, settings, path, message) => {
  const parsed = folderSettingsSchema.safeParse({ path: '/in', ...settings });

  const issues = parsed.error?.issues.map((issue) => `${issue.path.join('.')} ${issue.message}`);
  expect(issues).toEqual([expect.stringContaining(path)]);
  expect(issues?.[0]).toContain(message);
});

test.each<[string, object, boolean, { path: string; bound: string } | undefined]>([
  ['nothing to object', {}, false, undefined],
  ['a move to another tree', { afterProof: { action: 'move', to: '/archive/{name}' } }, false, undefined],
  [
    'a move to nowhere',
    { afterProof: { action: 'move' } },
    false,
    { path: 'afterProof.to', bound: 'the action move needs it' },
  ],
  [
    'a place without a move',
    { afterProof: { to: '/a/{name}' } },
    false,
    { path: 'afterProof.to', bound: 'only the action move' },
  ],
  [
    'deleting, not allowed',
    { afterProof: { action: 'delete' } },
    false,
    { path: 'afterProof.action', bound: 'allowDelete' },
  ],
  ['deleting, allowed', { afterProof: { action: 'delete' } }, true, undefined],
  [
    'an archive that is read',
    { afterProof: { action: 'move', to: '{name}.done' } },
    false,
    { path: 'afterProof.to', bound: 'found again' },
  ],
  ['a group that is captured', { include: ['re:(a)b'], target: '{group.1}/{name}' }, false, undefined],
  [
    'a group that nothing captures',
    { include: ['*.csv', 'a'], target: '{group.1}' },
    false,
    { path: 'target', bound: 'the pattern "a" captures 0' },
  ],
])('%s', (_name, settings, allowDelete, mistake) => {
  const found = refuseFolderSettings(folderSettingsSchema.parse({ path: '/in', ...settings }), {
    allowDelete,
  });

  expect(found).toEqual(
    mistake === undefined
      ? []
      : [expect.objectContaining({ path: mistake.path, bound: expect.stringContaining(mistake.bound) })],
  );
});

test('two folders whose files could get one key', () => {
  const folders = [
    { name: 'daily', target: 'daily/{path}' },
    { name: 'hourly', target: 'hourly/{path}' },
    { name: 'late', target: 'daily/late/{path}' },
  ];

  expect(refuseCollidingTargets(folders.slice(0, 2))).toEqual([]);
  expect(refuseCollidingTargets(folders)).toEqual([
    {
      path: 'folders[2].target',
      value: 'daily/late/{path}',
      bound: expect.stringContaining('one of daily could get one key'),
    },
  ]);
});

test('a run within the sessions of its partner, and one above', () => {
  const run = { maxFilesAtOnce: 2, maxConcurrency: 4, batchesAtOnce: 8 };

  expect(refuseSessions(run, 8)).toEqual([]);
  expect(refuseSessions({ ...run, batchesAtOnce: 7 }, 7)).toEqual([
    {
      path: 'maxFilesAtOnce',
      value: 2,
      bound: '2 large files x 4 need 8 sessions, and maxSessions is 7',
    },
  ]);
  expect(refuseSessions({ ...run, batchesAtOnce: 9 }, 8)).toEqual([
    {
      path: 'maxBatchesAtOnce',
      value: 9,
      bound: 'it must be at most maxSessions, 8: each batch has a session',
    },
  ]);
});
