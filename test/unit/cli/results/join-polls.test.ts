import { joinPolls } from '../../../../cli/results/join-polls.ts';
import type { TimelineAttempt } from '../../../../cli/timeline/transfer-timeline.ts';

const attempt = (
  step: string,
  startedAtMs: number,
  outcome: TimelineAttempt['outcome'] = 'succeeded',
): TimelineAttempt => ({ step, startedAtMs, endedAtMs: startedAtMs + 1, outcome });

test('polls for sessions are one line, from the first to the last', () => {
  const polls = Array.from({ length: 800 }, (_, index) => attempt('ReserveSessions', 10 * index));

  expect(joinPolls([...polls, attempt('GetFileMetadata', 9_000)])).toEqual([
    {
      attempt: { step: 'ReserveSessions', startedAtMs: 0, endedAtMs: 7_991, outcome: 'succeeded' },
      polls: 800,
    },
    { attempt: attempt('GetFileMetadata', 9_000), polls: 1 },
  ]);
});

test.each<[string, TimelineAttempt[]]>([
  ['a failed poll', [attempt('ReserveSessions', 0, 'failed'), attempt('ReserveSessions', 10)]],
  ['a running poll', [attempt('ReserveSessions', 0), attempt('ReserveSessions', 10, 'running')]],
  ['another step', [attempt('GetFileMetadata', 0, 'failed'), attempt('GetFileMetadata', 10)]],
  ['nothing', []],
])('%s is a line of its own', (_name, steps) => {
  expect(joinPolls(steps).map((line) => line.attempt)).toEqual(steps);
});
