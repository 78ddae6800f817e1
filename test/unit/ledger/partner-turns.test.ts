import { memoryTurns } from '../../../ledger/partner-turns.ts';

const TURN_MS = 60_000;

/** Asks at the given second, and shows the seconds to wait. */
function turns() {
  let nowMs = 0;
  const port = memoryTurns(() => nowMs, TURN_MS);
  return async (by: string, second: number, lostAtSecond: number, failed = false) => {
    nowMs = second * 1_000;
    const { hasFailed, waitMs } = await port.ask({ by, lostAtMs: lostAtSecond * 1_000, failed });
    return { waits: waitMs / 1_000, hasFailed };
  };
}

const GO = { waits: 0, hasFailed: false };

test('the first who has lost the partner tries at once, the second a minute later', async () => {
  const ask = turns();
  expect(await ask('a', 0, 0)).toEqual(GO);
  expect(await ask('b', 1, 1)).toEqual({ waits: 59, hasFailed: false });
  expect(await ask('b', 60, 1)).toEqual(GO);
});

test('one that has failed says so: the next tries when the minute is over, and it waits behind that one', async () => {
  const ask = turns();
  await ask('a', 0, 0);
  await ask('b', 10, 10);
  expect(await ask('a', 20, 0, true)).toEqual({ waits: 40, hasFailed: true });
  expect(await ask('b', 60, 10)).toEqual(GO);
  expect(await ask('b', 61, 10, true)).toEqual({ waits: 59, hasFailed: true });
});

test('one that has not come back after 90 seconds has reached it: all that waited go on', async () => {
  const ask = turns();
  await ask('a', 0, 0);
  await ask('a', 1, 0, true);
  expect(await ask('b', 60, 2)).toEqual(GO);
  expect(await ask('c', 149, 3)).toMatchObject({ hasFailed: false });
  expect(await ask('c', 150, 3)).toEqual(GO);
  expect(await ask('a', 151, 0)).toEqual(GO);
});

test('whoever loses it after that takes a turn, and others wait for that one', async () => {
  const ask = turns();
  await ask('a', 0, 0);
  expect(await ask('b', 200, 200)).toEqual(GO);
  expect(await ask('c', 201, 201)).toEqual({ waits: 59, hasFailed: false });
});

test('nobody waits longer than the outage has lasted, nor longer than ten turns', async () => {
  const ask = turns();
  await ask('first', 0, 0);
  await ask('first', 1, 0, true);
  for (let number = 0; number < 12; number += 1) await ask(`early ${number}`, 2, 2);
  expect(await ask('early 11', 3, 2)).toEqual({ waits: 57, hasFailed: true });
  await ask('first', 3_600, 0);
  await ask('first', 3_601, 0, true);
  for (let number = 0; number < 12; number += 1) await ask(`late ${number}`, 3_602, 0);
  // Nine turns of 65 seconds after the next one.
  expect(await ask('late 11', 3_603, 0)).toEqual({ waits: 57 + 9 * 65, hasFailed: true });
});

test('what was learnt a quarter of an hour ago says nothing now', async () => {
  const ask = turns();
  await ask('a', 0, 0);
  await ask('a', 1, 0, true);
  expect(await ask('b', 900, 900)).toEqual(GO);
});
