import { outcomeAsJson, outcomeForPeople } from '../../../../cli/results/describe-transfer.ts';
import { timelineOfExecution } from '../../../../cli/timeline/execution-timeline.ts';
import {
  describedExecution,
  HistoryWriter,
  EXECUTION_STARTED_AT_MS as STARTED,
} from '../../../support/aws/execution-history.ts';

const seenAt = (history: HistoryWriter, afterMs: number) =>
  timelineOfExecution(
    describedExecution(undefined, { status: 'RUNNING' }),
    history.events,
    STARTED + afterMs,
  );
const exit = (history: HistoryWriter, atMs: number, id: number) =>
  history.add(atMs, id, { type: 'TaskStateExited' });

/** It loses the partner at `atMs`, and is told to wait. @returns the event of the end of the wait */
function lose(history: HistoryWriter, atMs: number, previous: number, segment?: number): number {
  const input = segment === undefined ? {} : { segment: { segment_number: segment } };
  const step = segment === undefined ? 'GetFileMetadata' : 'DownloadSegment';
  const called = history.call(atMs, history.enter(atMs, previous, step, input));
  const failed = history.fail(atMs + 20, called, 'SftpConnectionError', 'connection refused.');
  return ask(history, atMs + 30, exit(history, atMs + 21, failed), 60, segment);
}

function ask(
  history: HistoryWriter,
  atMs: number,
  previous: number,
  waitSeconds: number,
  segment?: number,
): number {
  const input = segment === undefined ? {} : { segment: { segment_number: segment } };
  const step = segment === undefined ? 'AwaitPartner' : 'AwaitPartnerOfSegment';
  const called = history.call(atMs, history.enter(atMs, previous, step, input));
  const answer = { stage: 's', since_ms: STARTED + 20, wait_seconds: waitSeconds, waited_seconds: 0 };
  return exit(history, atMs + 10, history.succeed(atMs + 10, called, answer));
}

test('a transfer whose partner is down says so: since when, why, and when it tries again', () => {
  const history = new HistoryWriter();
  lose(history, 0, history.add(0, 0, { type: 'ExecutionStarted' }));
  const seen = seenAt(history, 18_040);
  expect(seen.partnerWait).toEqual({
    lost: { name: 'SftpConnectionError', message: 'connection refused.' },
    sinceMs: STARTED + 20,
    nextTryByMs: STARTED + 60_040,
  });
  expect(outcomeForPeople(seen)).toContain(
    '\n  Waiting for the partner since 02:30:00 UTC: SftpConnectionError (connection refused); next try within 42 s',
  );
  expect(outcomeAsJson(seen)).toMatchObject({
    partner_awaited: { error: 'SftpConnectionError', next_try_by: '2026-11-22T02:31:00.040Z' },
  });
});

test('while it asks again the last answer holds, and once it tries again it waits no longer', () => {
  const history = new HistoryWriter();
  const waited = lose(history, 0, history.add(0, 0, { type: 'ExecutionStarted' }));
  history.call(60_100, history.enter(60_100, waited, 'AwaitPartner'));
  expect(seenAt(history, 60_200).partnerWait).toMatchObject({ nextTryByMs: STARTED + 60_040 });
  const allowed = ask(history, 60_300, waited, 0);
  history.call(60_400, history.enter(60_400, allowed, 'GetFileMetadata'));
  expect(seenAt(history, 60_500).partnerWait).toBeUndefined();
});

test('of segments, those that wait count, whatever the others do', () => {
  const history = new HistoryWriter();
  const map = history.add(0, 0, { type: 'MapStateStarted' });
  lose(history, 100, map, 1);
  lose(history, 5_000, map, 2);
  history.call(6_000, history.enter(6_000, map, 'DownloadSegment', { segment: { segment_number: 3 } }));
  expect(seenAt(history, 7_000).partnerWait).toMatchObject({
    sinceMs: STARTED + 20,
    nextTryByMs: STARTED + 65_040,
  });
});

test('of an execution that is over nobody waits', () => {
  const history = new HistoryWriter();
  lose(history, 0, history.add(0, 0, { type: 'ExecutionStarted' }));
  const over = timelineOfExecution(
    describedExecution(100, { status: 'ABORTED' }),
    history.events,
    STARTED + 200,
  );
  expect(over).not.toHaveProperty('partnerWait');
});
