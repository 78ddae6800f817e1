import { secondsToWait } from '../../ledger/session-leases.ts';
import { loadWorkflow } from '../../local/workflow-definition.ts';
import { eventsOfLook, type ModelOutcome, runModel } from '../support/session-model.ts';
import {
  itemsOf,
  MAX_HISTORY_EVENTS,
  measure,
  overlapping,
  REFILL_MS,
  WORKER_SECONDS,
} from '../support/session-scenarios.ts';
import { SeededRandom } from '../torture/seeded-random.ts';

const WEEK_SECONDS = 7 * 86_400;

/** Of those that were asked for earlier, the last one to end; and one look more. */
function expectFairWaits(transfers: readonly ModelOutcome[]): void {
  for (const [index, transfer] of transfers.entries()) {
    const waitedMs = transfer.grantedAtMs - transfer.startedAtMs;
    const lastEndMs = Math.max(
      transfer.startedAtMs,
      ...transfers.slice(0, index).map(({ endedAtMs }) => endedAtMs),
    );
    const oneLookMs = secondsToWait(waitedMs) * 1000;
    expect(transfer.grantedAtMs).toBeLessThanOrEqual(lastEndMs + oneLookMs);
  }
}

function run(
  sharing: 'leases' | 'back-off',
  settings: Omit<Parameters<typeof runModel>[0], 'sharing' | 'random'>,
) {
  const random = new SeededRandom(JSON.stringify(settings));
  return runModel({ ...settings, sharing, random: () => random.fraction() });
}

test('the model starves as two transfers did that shared by back-off alone', () => {
  // Nobody has seen this on AWS; it is what the Retry of the workflow file comes to.
  for (const workerSeconds of [60, 300]) {
    const { failed, runs } = measure('back-off', 2, workerSeconds, 60, 4);
    expect({ workerSeconds, failed }).toEqual({ workerSeconds, failed: runs });
  }
});

describe.each([2, 3, 5])('%i transfers that overlap, each as wide as all sessions', (count) => {
  test.each(
    WORKER_SECONDS.flatMap((workerSeconds) =>
      REFILL_MS.map((refillMs) => [workerSeconds, refillMs] as const),
    ),
  )(
    'all land in their order, with workers of %i s and %i ms between two items',
    (workerSeconds, refillMs) => {
      const items = itemsOf(workerSeconds);
      const { transfers, peakSessions, grantOrder } = run('leases', {
        transfers: overlapping(count, { items, wanted: 8 }),
        maxSessions: 8,
        workerSeconds,
        refillMs,
      });
      expect(transfers.map(({ outcome, itemsDone }) => [outcome, itemsDone])).toEqual(
        Array(count).fill(['succeeded', items]),
      );
      expect(peakSessions).toBeLessThanOrEqual(8);
      expect(grantOrder).toEqual([...Array(count).keys()]);
      expect(Math.max(...transfers.map(({ historyEvents }) => historyEvents))).toBeLessThan(
        MAX_HISTORY_EVENTS,
      );
      expectFairWaits(transfers);
    },
  );
});

test.each([
  ['narrower than what is granted', 10, [4, 4, 4]],
  ['one wide, one narrow', 10, [8, 8]],
  ['each wider than what is left', 10, [6, 6, 6, 6]],
  ['wider than all sessions', 4, [40, 40]],
  ['one session for five', 1, [8, 8, 8, 8, 8]],
])('%s: all land, and never more sessions than granted', (_, maxSessions, widths) => {
  const { transfers, peakSessions, grantOrder } = run('leases', {
    transfers: widths.map((wanted, index) => ({ wanted, startSeconds: index, items: 40 })),
    maxSessions,
    workerSeconds: 30,
    refillMs: 60,
  });
  expect(transfers.map(({ outcome }) => outcome)).toEqual(widths.map(() => 'succeeded'));
  expect(peakSessions).toBeLessThanOrEqual(maxSessions);
  expect(grantOrder).toEqual([...widths.keys()]);
  for (const [index, { granted }] of transfers.entries()) {
    expect(granted).toBeGreaterThan(0);
    expect(granted).toBeLessThanOrEqual(Math.min(widths[index] ?? 0, maxSessions));
  }
  expectFairWaits(transfers);
});

test('two transfers of the backstop: what is granted is never throttled', () => {
  const { transfers } = run('leases', {
    transfers: overlapping(2, { items: 200, wanted: 8 }),
    maxSessions: 8,
    workerSeconds: 900,
    refillMs: 20,
  });
  // 60 of the whole, seven an item, nine a look: nothing else.
  for (const { historyEvents } of transfers) expect((historyEvents - 60 - 200 * 7) % eventsOfLook()).toBe(0);
});

test('a transfer that was stopped lets the next one through, after its functions have ended', () => {
  const { transfers, peakSessions } = run('leases', {
    transfers: [
      { startSeconds: 0, items: 2_000, wanted: 8, stoppedAtSeconds: 3_600 },
      { startSeconds: 60, items: 40, wanted: 8 },
    ],
    maxSessions: 8,
    workerSeconds: 850,
    refillMs: 60,
  });
  const [stopped, next] = transfers as [ModelOutcome, ModelOutcome];
  expect([stopped.outcome, next.outcome]).toEqual(['stopped', 'succeeded']);
  expect(peakSessions).toBe(8);
  expect(next.grantedAtMs).toBeGreaterThanOrEqual(stopped.endedAtMs + 900_000);
  expect(next.grantedAtMs).toBeLessThanOrEqual(stopped.endedAtMs + 900_000 + 2 * 240_000);
});

test('one that was stopped while it waited is out of the way', () => {
  const { transfers } = run('leases', {
    transfers: [
      { startSeconds: 0, items: 400, wanted: 8 },
      { startSeconds: 60, items: 40, wanted: 8, stoppedAtSeconds: 600 },
      { startSeconds: 120, items: 40, wanted: 8 },
    ],
    maxSessions: 8,
    workerSeconds: 60,
    refillMs: 60,
  });
  const [first, , last] = transfers as [ModelOutcome, ModelOutcome, ModelOutcome];
  expect(last.outcome).toBe('succeeded');
  expect(last.grantedAtMs - first.endedAtMs).toBeLessThanOrEqual(2 * secondsToWait(last.grantedAtMs) * 1000);
});

test('a week of waiting leaves room in the history for the largest transfer of today', () => {
  let looks = 0;
  for (let waited = 0; waited < WEEK_SECONDS; waited += secondsToWait(waited * 1000)) looks += 1;
  expect(eventsOfLook()).toBe(9);
  expect(looks * eventsOfLook()).toBeLessThan(7_000);
  expect(looks * eventsOfLook() + 2_000 * 7 + 200).toBeLessThan(MAX_HISTORY_EVENTS);
});

test('the wait is as long as the step says, and the workflow ends after a week at most', () => {
  const workflow = loadWorkflow();
  expect(workflow.States.WaitForSessions).toMatchObject({
    Type: 'Wait',
    SecondsPath: '$.sessions.wait_seconds',
  });
  expect(workflow.TimeoutSeconds).toBe(WEEK_SECONDS);
});
