import type { StepAttempt } from '../../../local/step-attempts.ts';
import { judgeLoginCounts, loginsAllowed } from '../../torture/judge-logins.ts';

function attempt(step: string, seconds: number, logins?: number): StepAttempt {
  const ended = { step, startedAtMs: 1_000, endedAtMs: 1_000 + seconds * 1_000 };
  return {
    ...ended,
    outcome: 'succeeded',
    ...(logins !== undefined && { progress: { logins } }),
  } as StepAttempt;
}

test.each([
  [0, 3],
  [29.9, 3],
  [30, 4],
  [95, 6],
])('a worker of %d s may log in %d times', (seconds, logins) => {
  expect(loginsAllowed(attempt('DownloadSegment', seconds))).toBe(logins);
});

const STEPS = [
  attempt('GetFileMetadata', 1),
  attempt('DownloadSegment', 1, 3),
  attempt('DownloadSegment', 31, 4),
  attempt('CompleteUpload', 1),
];

test('nine logins of two workers and two other steps are allowed', () => {
  expect(judgeLoginCounts(STEPS, 9)).toEqual([]);
  expect(judgeLoginCounts(STEPS, undefined)).toEqual([]);
});

test('one more is not, by the count of the server or of a worker', () => {
  expect(judgeLoginCounts(STEPS, 10)).toEqual(['10 logins at the server, at most 9 are allowed']);
  expect(judgeLoginCounts([attempt('DownloadSegment', 29, 4)], undefined)).toEqual([
    'a worker logged in 4 times in 29 s, at most 3 are allowed',
  ]);
});
