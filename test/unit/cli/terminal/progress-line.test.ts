import { progressLine, type TransferProgress } from '../../../../cli/terminal/progress-line.ts';

const MIB = 1_048_576;
const halfWay: TransferProgress = {
  doneBytes: 587.8 * MIB,
  sizeBytes: 1_228.8 * MIB,
  bytesPerSecond: 158.5 * MIB,
  chunksDone: 17,
  chunkCount: 38,
  retries: 0,
};
const outage = { ...halfWay, bytesPerSecond: 0, retries: 7, lastError: 'SftpConnectionError' };

test.each<[string, TransferProgress, number, string]>([
  ['40 columns', halfWay, 40, '47% | 587.8 MiB of 1.2 GiB | 158.5 MiB/s'],
  [
    '80 columns',
    halfWay,
    80,
    '47% | 587.8 MiB of 1.2 GiB | 158.5 MiB/s | 4.0 s to go | chunks 17/38 █████░░░░░',
  ],
  [
    '120 columns',
    halfWay,
    120,
    '47% | 587.8 MiB of 1.2 GiB | 158.5 MiB/s | 4.0 s to go | chunks 17/38 ███████████████████░░░░░░░░░░░░░░░░░░░░░',
  ],
  [
    'an outage at 80 columns',
    outage,
    80,
    '47% | 587.8 MiB of 1.2 GiB | 0 B/s | - to go | retries 7 (SftpConnectionError)',
  ],
  [
    'an outage where the name of the error has no room',
    outage,
    77,
    '47% | 587.8 MiB of 1.2 GiB | 0 B/s | - to go | retries 7 | chunks 17/38',
  ],
  [
    'an outage at 120 columns',
    outage,
    120,
    '47% | 587.8 MiB of 1.2 GiB | 0 B/s | - to go | retries 7 (SftpConnectionError) | chunks 17/38 ████████████░░░░░░░░░░░░░░',
  ],
  [
    'all chunks there, the object not yet',
    { ...halfWay, doneBytes: halfWay.sizeBytes, chunksDone: 38 },
    80,
    '100% | 1.2 GiB of 1.2 GiB | 158.5 MiB/s | completing | chunks 38/38 ████████████',
  ],
  [
    'an empty file before its chunk',
    { ...halfWay, doneBytes: 0, sizeBytes: 0, bytesPerSecond: 0, chunksDone: 0, chunkCount: 1 },
    60,
    '0% | 0 bytes of 0 bytes | 0 B/s | - to go | chunks 0/1',
  ],
  [
    'files of a folder',
    { ...halfWay, files: { done: 12, count: 500, failed: 0 } },
    90,
    '47% | files 12/500 | 587.8 MiB of 1.2 GiB | 158.5 MiB/s | 4.0 s to go ██████████░░░░░░░░░░',
  ],
  [
    'files of a folder, of which some failed',
    { ...outage, retries: 0, files: { done: 12, count: 500, failed: 3 } },
    60,
    '47% | files 12/500 | failed 3 | 587.8 MiB of 1.2 GiB | 0 B/s',
  ],
  [
    'empty files of a folder',
    { ...halfWay, doneBytes: 0, sizeBytes: 0, bytesPerSecond: 0, files: { done: 1, count: 4, failed: 0 } },
    50,
    '25% | files 1/4 | 0 bytes of 0 bytes | 0 B/s',
  ],
  [
    'before the plan',
    { ...halfWay, doneBytes: 0, bytesPerSecond: 0, chunksDone: 0, chunkCount: undefined },
    50,
    '0% | 0 bytes of 1.2 GiB | 0 B/s | - to go',
  ],
])('%s', (_name, progress, columns, line) => {
  expect(progressLine(progress, columns)).toBe(line);
});

test('where the locale shows ASCII only, so does the bar', () => {
  expect(progressLine(halfWay, 80, { ascii: true })).toBe(
    '47% | 587.8 MiB of 1.2 GiB | 158.5 MiB/s | 4.0 s to go | chunks 17/38 #####.....',
  );
});

test.each([1, 20, 39, 40, 41, 79, 80, 81, 119, 200])('%i columns are never exceeded', (columns) => {
  expect(progressLine(outage, columns).length).toBeLessThanOrEqual(columns);
});
