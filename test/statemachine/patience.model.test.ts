import {
  DEFAULT_PATIENCE_MINUTES,
  longestWaitMinutes,
  MAX_PATIENCE_MINUTES,
} from '../../transfer/patience.ts';
import { eventsOfWait, type OutageEnd, runOutage } from '../support/outage-model.ts';
import { SeededRandom } from '../torture/seeded-random.ts';

/** What is left of an execution's history beside its workers, and room for retries. */
const WAITING_EVENTS = 5_500;

function outage(
  widths: readonly number[],
  outageMinutes: number,
  more: { patienceMinutes?: number; failSeconds?: number } = {},
) {
  const random = new SeededRandom(JSON.stringify([widths, outageMinutes, more]));
  return runOutage({
    widths,
    outageMinutes,
    patienceMinutes: DEFAULT_PATIENCE_MINUTES,
    failSeconds: 0,
    ...more,
    random: () => random.fraction(),
  });
}

/** In the first minute of an outage; in each later one it is one, or two where the pauses still grow. */
const MOST_TRIES_IN_A_MINUTE = 6;
const WIDTHS = [[1], [8], [40], [8, 8], [8, 8, 8, 8, 8]];
const cases = WIDTHS.flatMap((widths) =>
  [2, 5, 20, 30, 59].flatMap((minutes) =>
    [0, 20].map((failSeconds) => [widths, minutes, failSeconds] as const),
  ),
);

test.each(cases)(
  'transfers %j wide outlast %i minutes, tries failing after %i s: one try at a time, all at work again soon',
  async (widths, minutes, failSeconds) => {
    const end: OutageEnd = await outage(widths, minutes, { failSeconds });
    expect(end.landed).toBe(widths.length);
    expect(end.mostTriesInAMinute).toBeLessThanOrEqual(MOST_TRIES_IN_A_MINUTE);
    expect(end.tries).toBeGreaterThanOrEqual(minutes);
    expect(end.tries).toBeLessThanOrEqual(minutes + MOST_TRIES_IN_A_MINUTE);
    expect(end.backAtWorkMinutes).toBeLessThanOrEqual(Math.min(minutes + 4, 12));
    expect(end.historyEvents).toBeLessThan(WAITING_EVENTS);
  },
);

test.each([
  [[8], 0, 0.5, 0.75],
  [[8], 0, 5, 2],
  [[8], 20, 5, 2],
  [[8, 8, 8, 8, 8], 0, 0.5, 0.75],
  [[8, 8, 8, 8, 8], 0, 5, 2],
])(
  'transfers %j wide, tries failing after %i s: after %f minutes all are at work again within %f',
  async (widths, failSeconds, minutes, within) => {
    const end = await outage(widths, minutes, { failSeconds });
    expect(end.landed).toBe(widths.length);
    expect(end.backAtWorkMinutes).toBeLessThanOrEqual(within);
  },
);

test.each([[1], [8], [40]])('a transfer %i wide fails when the partner is down for longer', async (width) => {
  const end = await outage([width], 62 + 2);
  expect(end.landed).toBe(0);
  expect(end.tries).toBeLessThanOrEqual(62 + MOST_TRIES_IN_A_MINUTE);
});

test.each([1, 8, 20, 40])('%i wide, the longest patience: what the history has room for', async (width) => {
  const minutes = Math.min(MAX_PATIENCE_MINUTES, longestWaitMinutes(width));
  const end = await outage([width], minutes - 3, { patienceMinutes: MAX_PATIENCE_MINUTES, failSeconds: 20 });
  expect(end).toMatchObject({ landed: 1, mostTriesInAMinute: 3 });
  expect(end.historyEvents).toBeLessThan(WAITING_EVENTS);
  // What its tries took is not counted as waiting.
  const longer = await outage([width], minutes + 10, { patienceMinutes: MAX_PATIENCE_MINUTES });
  expect(longer.landed).toBe(0);
});

test('a wait is nine events, as the sum in transfer/patience.ts has it', () => {
  expect(eventsOfWait()).toBe(9);
});
