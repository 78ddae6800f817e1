import type { Observation } from '../../../../folder/ready/observation.ts';
import {
  judgeReadiness,
  type NotReadyReason,
  type TriggerState,
} from '../../../../folder/ready/readiness.ts';

const NOW = 1_000_000_000;
const RULES = { quietSeconds: 120, minBytes: 0, giveUpAfterHours: 24 };
const FILE: Observation = {
  sizeBytes: 10,
  modifiedAtSeconds: 500,
  sinceMs: NOW - 60_000,
  lastSeenMs: NOW,
  firstSeenMs: NOW - 60_000,
  changes: 0,
};

test.each<[string, Partial<Observation>, TriggerState | undefined, NotReadyReason | 'ready']>([
  ['the first look', { sinceMs: NOW, firstSeenMs: NOW }, undefined, 'first-look'],
  [
    'one look, and a decision that took longer than the quiet time',
    { sinceMs: NOW - 500_000, lastSeenMs: NOW - 500_000 },
    undefined,
    'first-look',
  ],
  ['one second too early', { sinceMs: NOW - 119_999 }, undefined, 'quiet-period'],
  ['exactly quiet for long enough', { sinceMs: NOW - 120_000 }, undefined, 'ready'],
  ['the last look differed', { sinceMs: NOW, changes: 3 }, undefined, 'changing'],
  ['an empty file is a file', { sinceMs: NOW - 120_000, sizeBytes: 0 }, undefined, 'ready'],
  ['a time in the future', { sinceMs: NOW - 120_000, modifiedAtSeconds: 9_999_999_999 }, undefined, 'ready'],
  ['time 0', { sinceMs: NOW - 120_000, modifiedAtSeconds: 0 }, undefined, 'ready'],
  ['a trigger as new as its file', {}, { required: true, found: at(500) }, 'ready'],
  ['a newer trigger', {}, { required: true, found: at(501) }, 'ready'],
  ['a trigger at the first look', { sinceMs: NOW }, { required: true, found: at(500) }, 'ready'],
  ['no trigger', { sinceMs: NOW - 999_999 }, { required: true }, 'no-trigger'],
  ['no trigger, not required, not quiet', {}, { required: false }, 'quiet-period'],
  ['no trigger, not required, quiet', { sinceMs: NOW - 120_000 }, { required: false }, 'ready'],
  ['a trigger sent before its file: quiet decides', {}, { required: true, found: at(499) }, 'quiet-period'],
  [
    'a trigger sent before its file, which is quiet',
    { sinceMs: NOW - 120_000 },
    { required: true, found: at(499) },
    'ready',
  ],
  [
    "yesterday's trigger, however quiet",
    { sinceMs: NOW - 999_999 },
    { required: true, found: at(499), isSpent: true },
    'stale-trigger',
  ],
  ['a spent trigger that was touched again', {}, { required: true, found: at(500), isSpent: true }, 'ready'],
  [
    'a manifest with members missing',
    { sinceMs: NOW - 999_999 },
    { required: true, found: at(999), problem: 'manifest-incomplete' },
    'manifest-incomplete',
  ],
])('%s', (_name, file, trigger, expected) => {
  const readiness = judgeReadiness({ ...FILE, ...file }, RULES, trigger, NOW);

  expect(readiness.ready ? 'ready' : readiness.reason).toBe(expected);
});

test('a file below the smallest size waits', () => {
  const quiet = { ...FILE, sinceMs: NOW - 120_000 };
  expect(judgeReadiness(quiet, { ...RULES, minBytes: 11 }, undefined, NOW)).toMatchObject({
    reason: 'too-small',
  });
  expect(judgeReadiness(quiet, { ...RULES, minBytes: 10 }, undefined, NOW)).toEqual({ ready: true });
});

test('says when one more equal look would do', () => {
  expect(judgeReadiness(FILE, RULES, undefined, NOW)).toMatchObject({ readyAtMs: NOW + 60_000 });
  expect(judgeReadiness(FILE, RULES, { required: true }, NOW)).not.toHaveProperty('readyAtMs');
});

test.each<[number, boolean]>([
  [NOW - 24 * 3_600_000 + 1, false],
  [NOW - 24 * 3_600_000, true],
])('first seen at %i: overdue is %s', (firstSeenMs, overdue) => {
  expect(judgeReadiness({ ...FILE, firstSeenMs }, RULES, { required: true }, NOW)).toMatchObject({ overdue });
});

function at(modifiedAtSeconds: number) {
  return { sizeBytes: 0, modifiedAtSeconds };
}
