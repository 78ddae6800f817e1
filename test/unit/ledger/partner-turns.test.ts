import { memoryTurns } from '../../../ledger/partner-turns.ts';

const TURN_MS = 60_000;

/** Asks at the given second, and shows the seconds to wait. */
function turns() {
  let nowMs = 0;
  const port = memoryTurns(() => nowMs, TURN_MS);
  async function ask(
    by: string,
    second: number,
    lostAtSecond: number,
    failed = false,
    restSeconds = 0,
    isLast = false,
  ) {
    nowMs = second * 1_000;
    const request = { by, lostAtMs: lostAtSecond * 1_000, failed, restMs: restSeconds * 1_000, isLast };
    const { hasFailed, waitMs } = await port.ask(request);
    return { waits: waitMs / 1_000, hasFailed };
  }
  return { ask, reached: (by: string) => port.reached(by) };
}

const GO = { waits: 0, hasFailed: false };

test('whoever has tried in vain tries again after 1, 2, 5, 10, 20 and 40 seconds, and then once in a minute', async () => {
  const { ask } = turns();
  let second = 0;
  const pauses: number[] = [];
  for (let number = 0; number < 9; number += 1) {
    expect(await ask('a', second, 0, number > 0)).toEqual(GO);
    const { waits, hasFailed } = await ask('a', second, 0, true);
    expect(hasFailed).toBe(true);
    pauses.push(waits);
    second += waits;
  }
  expect(pauses).toEqual([1, 2, 5, 10, 20, 40, 60, 60, 60]);
});

test('one tries at a time: the others ask when the result of its next try is known', async () => {
  const { ask } = turns();
  expect(await ask('a', 0, 0)).toEqual(GO);
  expect(await ask('b', 1, 1)).toEqual({ waits: 15, hasFailed: false });
  expect(await ask('a', 2, 0, true)).toEqual(GO);
  expect(await ask('a', 4, 0, true)).toEqual(GO);
  expect(await ask('a', 6, 0, true)).toEqual({ waits: 3, hasFailed: true });
  // Three seconds until that try, 13 until its silence is a success, and five to be on the safe side.
  expect(await ask('b', 6, 1)).toEqual({ waits: 3 + 13 + 5, hasFailed: true });
  expect(await ask('a', 9, 0)).toEqual(GO);
  expect(await ask('b', 10, 1)).toEqual({ waits: 12, hasFailed: false });
});

test('whoever has waited for long need not ask after each try', async () => {
  const { ask } = turns();
  await ask('a', 0, 0);
  await ask('a', 1, 0, true);
  expect(await ask('b', 1, 1, false, 300)).toMatchObject({ waits: 300 });
});

test('the one whose turn it was is gone: whoever asks next takes it', async () => {
  const { ask } = turns();
  await ask('a', 0, 0);
  await ask('a', 0, 0, true);
  expect(await ask('b', 20, 1)).toEqual(GO);
});

test('a try that has not failed after one and a half times the longest of those that did, and ten seconds, has reached it', async () => {
  const { ask } = turns();
  await ask('a', 0, 0);
  await ask('b', 1, 1);
  expect(await ask('a', 20, 0, true)).toEqual(GO);
  expect(await ask('b', 59, 1)).toEqual({ waits: 1, hasFailed: false });
  expect(await ask('b', 60, 1)).toEqual(GO);
});

test('where no try has failed yet, it is 90 seconds', async () => {
  const { ask } = turns();
  await ask('a', 2, 1);
  expect(await ask('b', 91, 1)).toEqual({ waits: 1, hasFailed: false });
  expect(await ask('b', 92, 1)).toEqual(GO);
});

test('one that reads says so: all that had lost the partner go on', async () => {
  const { ask, reached } = turns();
  await ask('a', 2, 0);
  await ask('a', 2, 0, true);
  await ask('a', 3, 0);
  expect(await reached('b')).toBe(false);
  expect(await ask('b', 3, 1)).toMatchObject({ hasFailed: false, waits: 10 });
  expect(await reached('a')).toBe(true);
  expect(await reached('a')).toBe(false);
  expect(await ask('b', 3, 1)).toEqual(GO);
  expect(await ask('c', 3, 1)).toEqual(GO);
});

test('a try that has failed has reached nothing', async () => {
  const { ask, reached } = turns();
  await ask('a', 2, 0);
  await ask('a', 2, 0, true);
  expect(await reached('a')).toBe(false);
});

test('one that follows and is not let in takes turns from then on, with the pauses of an outage', async () => {
  const { ask, reached } = turns();
  await ask('a', 2, 0);
  await reached('a');
  expect(await ask('b', 2, 1)).toEqual(GO);
  expect(await ask('b', 2, 1, true)).toEqual({ waits: 2, hasFailed: true });
  expect(await ask('b', 4, 1)).toEqual(GO);
  expect(await ask('b', 4, 1, true)).toEqual({ waits: 5, hasFailed: true });
});

test('a partner that is lost again within a minute is tried as one that is still down; after that, as anew', async () => {
  const { ask, reached } = turns();
  await ask('a', 0, 0);
  await ask('a', 0, 0, true);
  await ask('a', 1, 0);
  await reached('a');
  expect(await ask('a', 2, 2)).toEqual({ waits: 1, hasFailed: false });
  await ask('a', 3, 2);
  expect(await ask('a', 3, 2, true)).toEqual({ waits: 5, hasFailed: true });
  await ask('a', 8, 2);
  await reached('a');
  expect(await ask('a', 68, 68)).toEqual(GO);
  expect(await ask('a', 68, 68, true)).toEqual({ waits: 1, hasFailed: true });
});

test('what was learnt a quarter of an hour ago says nothing now', async () => {
  const { ask } = turns();
  await ask('a', 0, 0);
  await ask('a', 1, 0, true);
  expect(await ask('b', 900, 900)).toEqual(GO);
});

test('whoever tries for the last time says how that ended, and leaves the next turn to the others', async () => {
  const { ask } = turns();
  expect(await ask('a', 0, 0)).toEqual(GO);
  // The try took longer than any pause.
  expect(await ask('a', 100, 0, true, 0, true)).toMatchObject({ hasFailed: true });
  expect(await ask('b', 160, 1)).toEqual(GO);
});
