import { retriedFailures } from '../../../../cli/timeline/retried-failures.ts';

function failed(endedAtMs: number, name = 'SftpRequestFailedError') {
  return {
    step: 'GetFileMetadata',
    outcome: 'failed',
    endedAtMs,
    error: { name, message: 'connection refused' },
  };
}

test.each([
  [1, 5_000],
  [2, 10_000],
  [3, 20_000],
  [4, 40_000],
  [5, 80_000],
  [6, 120_000],
  [10, 120_000],
])('after failure %i of a lost connection the next try begins within %i ms', (count, withinMs) => {
  const attempts = Array.from({ length: count }, (_, index) => failed(index * 1_000));

  const last = retriedFailures(attempts).at(-1);

  expect(last).toMatchObject({ tryNumber: count, maxTries: 11 });
  expect((last?.nextByMs ?? 0) - (last?.failedAtMs ?? 0)).toBe(withinMs);
});

test('the last try that is allowed is followed by none', () => {
  const attempts = Array.from({ length: 11 }, (_, index) => failed(index));

  expect(retriedFailures(attempts)).toHaveLength(10);
});

test('what the workflow does not try again is not among them', () => {
  expect(retriedFailures([failed(1, 'SourceChangedError'), failed(2, 'SftpAuthenticationError')])).toEqual(
    [],
  );
});

test('each rule counts its own failures: errors of one rule together, those of another apart', () => {
  const attempts = [
    failed(1, 'Lambda.ServiceException'),
    failed(2, 'Lambda.SdkClientException'),
    failed(3, 'UploadFailedError'),
    failed(4, 'Lambda.ServiceException'),
  ];

  expect(retriedFailures(attempts).map(({ tryNumber, maxTries }) => [tryNumber, maxTries])).toEqual([
    [1, 7],
    [2, 7],
    [1, 7],
    [3, 7],
  ]);
});

test('attempts that succeeded or were cancelled are no failures', () => {
  const { error: _error, ...succeeded } = { ...failed(1), outcome: 'succeeded' };

  expect(retriedFailures([succeeded, { ...failed(2), outcome: 'cancelled' }])).toEqual([]);
});
