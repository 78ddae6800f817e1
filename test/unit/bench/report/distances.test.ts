import { QUICK_DISTANCE_PLAN } from '../../../../bench/plan.ts';
import { formatDistances } from '../../../../bench/report/distances.ts';

const cell = (contender: string, distance: string, mibPerSecond: number, logins: number) => ({
  contender,
  connections: 1,
  distance,
  sizeBytes: 1_048_576,
  runsMibPerSecond: [mibPerSecond],
  mibPerSecond,
  logins,
});

test('shows each rate beside its ratio to raw TCP, and the most logins of a run', () => {
  const text = formatDistances({
    plan: QUICK_DISTANCE_PLAN,
    cells: [
      cell('raw TCP', '20 ms', 50, 0),
      cell('ours', '20 ms', 45, 3),
      cell('raw TCP', '100 ms', 40, 0),
      cell('ours', '100 ms', 10, 4),
    ],
  });
  expect(text).toContain('75 MiB/s with a queue of 8 MiB');
  expect(text.split('\n').slice(-2)).toEqual([
    '| raw TCP |           1 |      0 | 50.0 (1.00) | 40.0 (1.00) |',
    '| ours    |           1 |      4 | 45.0 (0.90) | 10.0 (0.25) |',
  ]);
});

test('shows what a client of ours took', () => {
  const text = formatDistances({
    plan: QUICK_DISTANCE_PLAN,
    cells: [
      cell('raw TCP', '20 ms', 50, 0),
      { ...cell('ours', '20 ms', 45, 1), cpuSeconds: 3.26, peakRssBytes: 209 * 1_048_576 },
    ],
  });
  expect(text.split('\n').slice(-4)).toEqual([
    "The client's process: processor seconds, peak MiB resident.",
    '|      |          20 ms |',
    '|:-----|---------------:|',
    '| ours | 3.3 s, 209 MiB |',
  ]);
});

test('says why distances were not measured', () => {
  expect(formatDistances({ missing: 'network namespaces need root' })).toContain(
    'network namespaces need root',
  );
});
