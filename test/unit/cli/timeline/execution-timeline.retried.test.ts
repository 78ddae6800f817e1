import { historyAsJson, historyForPeople } from '../../../../cli/results/describe-history.ts';
import { timelineOfExecution } from '../../../../cli/timeline/execution-timeline.ts';
import {
  describedExecution,
  EXECUTION_STARTED_AT_MS,
  HistoryWriter,
} from '../../../support/aws/execution-history.ts';

/** A transfer whose partner refused each of the connections of GetFileMetadata, 10 s apart. */
function refused(times: number) {
  const history = new HistoryWriter();
  let last = history.enter(0, history.add(0, 0, { type: 'ExecutionStarted' }), 'GetFileMetadata');
  for (let count = 0; count < times; count += 1) {
    const atMs = count * 10_000;
    last = history.fail(atMs + 100, history.call(atMs, last), 'SftpRequestFailedError', 'connection refused');
  }
  return { history, last };
}

const timelineOf = (history: HistoryWriter, status: 'RUNNING' | 'FAILED' = 'RUNNING') =>
  timelineOfExecution(
    describedExecution(status === 'RUNNING' ? undefined : 60_000, { status }),
    history.events,
    EXECUTION_STARTED_AT_MS + 60_000,
  );

test('history says that a running transfer waits, why, and until when', () => {
  const timeline = timelineOf(refused(3).history);

  expect(historyForPeople(timeline)).toContain(
    [
      'Running for 1 min 00 s: no chunk was planned, 2 retries',
      '  GetFileMetadata waits to be tried again, until 02:30:40 UTC at the latest, after SftpRequestFailedError (connection refused), try 3 of 11',
    ].join('\n'),
  );
  expect(historyAsJson(timeline)).toMatchObject({
    retrying: [
      {
        step: 'GetFileMetadata',
        segment_number: null,
        error: 'SftpRequestFailedError',
        cause: 'connection refused',
        failed_tries: 3,
        max_tries: 11,
        next_by: '2026-11-22T02:30:40.100Z',
      },
    ],
  });
});

test('once the next try has begun nothing waits, and the failures stay known', () => {
  const { history, last } = refused(2);
  history.call(20_000, last);

  const timeline = timelineOf(history);

  expect(timeline.retried?.map(({ tryNumber, isWaiting }) => [tryNumber, isWaiting])).toEqual([
    [1, false],
    [2, false],
  ]);
  expect(historyAsJson(timeline)).not.toHaveProperty('retrying');
});

test('a state that was left, and segments of a Map that failed, do not wait', () => {
  const left = refused(1);
  left.history.add(5_000, left.last, { type: 'TaskStateExited' });
  const mapFailed = new HistoryWriter();
  const map = mapFailed.add(0, 0, { type: 'MapStateStarted' });
  const segment = { segment_number: 1 };
  const call = mapFailed.call(10, mapFailed.enter(5, map, 'DownloadSegment', { segment }));
  mapFailed.fail(500, call, 'SftpRequestFailedError', 'connection reset');
  expect(timelineOf(mapFailed).retried).toMatchObject([{ segmentNumber: 1, isWaiting: true }]);
  mapFailed.add(600, map, { type: 'MapStateFailed' });

  for (const { history } of [left, { history: mapFailed }])
    expect(timelineOf(history).retried).toMatchObject([{ isWaiting: false }]);
});

test('a transfer that is over waits for nothing', () => {
  expect(timelineOf(refused(11).history, 'FAILED')).not.toHaveProperty('retried');
});
