import { retriesForPeople, waitsForPeople } from '../../../../cli/results/describe-retry.ts';
import type { RetriedFailure } from '../../../../cli/timeline/retried-failures.ts';

const AT_MS = Date.UTC(2026, 10, 22, 2, 31, 0);

function failure(changes: Partial<RetriedFailure> = {}): RetriedFailure {
  return {
    step: 'GetFileMetadata',
    error: {
      name: 'SftpConnectionError',
      message: 'sftp.acme.example:22: connection refused after 0.01 s while connecting. Look at its service.',
    },
    failedAtMs: AT_MS,
    tryNumber: 4,
    maxTries: 11,
    nextByMs: AT_MS + 40_000,
    ...changes,
  };
}

test('one line says what failed, why, which try it was, and when the next one comes', () => {
  expect(retriesForPeople([failure()])).toEqual([
    'GetFileMetadata failed: SftpConnectionError (sftp.acme.example:22: connection refused after 0.01 s while connecting), try 4 of 11, next within 40 s',
  ]);
});

test('for somebody who looks once it says until when it waits', () => {
  expect(waitsForPeople([failure({ segmentNumber: 3, step: 'DownloadSegment' })])).toEqual([
    'DownloadSegment of segment 3 waits to be tried again, until 02:31:40 UTC at the latest, after SftpConnectionError (sftp.acme.example:22: connection refused after 0.01 s while connecting), try 4 of 11',
  ]);
});

test('segments that fail together share a line, with the latest of their next tries', () => {
  const segments = [1, 2, 3].map((segmentNumber) =>
    failure({
      step: 'DownloadSegment',
      segmentNumber,
      nextByMs: AT_MS + 40_000 + segmentNumber * 1_000,
      error: { name: 'SftpStalledError', message: '' },
    }),
  );
  const other = failure({
    step: 'DownloadSegment',
    segmentNumber: 9,
    tryNumber: 1,
    nextByMs: AT_MS + 120_000,
  });

  expect(retriesForPeople([...segments, other])).toEqual([
    'DownloadSegment of 3 segments failed: SftpStalledError, try 4 of 11, next within 43 s',
    expect.stringMatching(/^DownloadSegment of segment 9 failed: .*, try 1 of 11, next within 2 min 00 s$/),
  ]);
});

test('a long cause is cut', () => {
  const [line = ''] = retriesForPeople([failure({ error: { name: 'E', message: 'x'.repeat(500) } })]);

  expect(line.length).toBeLessThan(200);
});
