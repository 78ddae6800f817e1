import { compileTriggerNames, triggerNameMistake, triggerPathOf } from '../../../../folder/ready/trigger.ts';

test.each<[string, string, string]>([
  ['{name}.done', 'in/a.csv', 'in/a.csv.done'],
  ['{stem}.ok', 'a.csv', 'a.ok'],
  ['{stem}.ok', 'in/a.tar.gz', 'in/a.tar.ok'],
  ['_SUCCESS', 'in/a.csv', 'in/_SUCCESS'],
  ['_SUCCESS', 'a.csv', '_SUCCESS'],
])('%s of %s is %s', (name, path, expected) => {
  expect(triggerPathOf({ name }, path)).toBe(expected);
});

test.each<[string, string, boolean]>([
  ['{name}.done', 'in/a.csv.done', true],
  ['{name}.done', '.done', false],
  ['{name}.done', 'a.done.csv', false],
  ['{stem}.ok', 'a.ok', true],
  ['ready-{stem}', 'ready-a', true],
  ['_SUCCESS', 'in/_SUCCESS', true],
  ['_SUCCESS', '_SUCCESS_', false],
  ['a+b', 'a+b', true],
  ['{name}.done', 'a\nb.done', true],
])('%s: %p is a trigger: %s', (name, path, expected) => {
  expect(compileTriggerNames({ name })(path)).toBe(expected);
});

test.each<[string, Parameters<typeof triggerNameMistake>[0], string | undefined]>([
  ['one beside each file', { kind: 'per-file', name: '{name}.done' }, undefined],
  ['one for all', { kind: 'per-folder', name: '_SUCCESS' }, undefined],
  ['a manifest', { kind: 'manifest', name: 'manifest.txt' }, undefined],
  ['each file its own', { kind: 'per-file', name: 'x.done' }, 'it must hold {name} or {stem}'],
  ['the file itself', { kind: 'per-file', name: '{name}' }, 'it must differ from the name of the file'],
  ['one for all, of a name each', { kind: 'per-folder', name: '{name}.ok' }, 'it must be one fixed name'],
  ['an unknown token', { kind: 'per-file', name: '{path}.ok' }, 'there is no token {path}'],
  ['a folder', { kind: 'per-file', name: 'ok/{name}' }, 'it must be a name without a folder'],
  ['a lone brace', { kind: 'per-file', name: '{name}.{' }, 'it has a brace without its partner'],
])('%s', (_name, rule, mistake) => {
  if (mistake === undefined) expect(triggerNameMistake(rule)).toBeUndefined();
  else expect(triggerNameMistake(rule)).toContain(mistake);
});
