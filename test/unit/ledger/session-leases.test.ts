import type { Decision } from '../../../ledger/decision.ts';
import type { SessionAnswer, SessionRequest } from '../../../ledger/ports.ts';
import {
  releaseSessions,
  requestSessions,
  type SessionLeases,
  secondsToWait,
} from '../../../ledger/session-leases.ts';

const START_MS = Date.UTC(2026, 10, 25, 6);

/** The one row, and the clock, of a partner that grants ten sessions. */
function partner(maxSessions = 10) {
  let row: SessionLeases | undefined;
  let nowMs = START_MS;
  let revision = 0;
  const apply = <T>(
    transition: (
      row: SessionLeases | undefined,
      moment: { nowMs: number; revision: string },
    ) => Decision<SessionLeases, T>,
  ) => {
    revision += 1;
    const decision = transition(row, { nowMs, revision: String(revision) });
    if (decision.write === 'put') row = decision.row;
    return decision.result;
  };
  return {
    ask: (execution: string, wanted = 8, more: Partial<SessionRequest> = {}): SessionAnswer =>
      apply(requestSessions({ execution, wanted, maxSessions, ...more })),
    giveBack: (execution: string, freeAtMs?: number) => apply(releaseSessions(execution, freeAtMs)),
    wait: (seconds: number) => {
      nowMs += seconds * 1000;
      return nowMs;
    },
    row: () => row,
  };
}

test('the first is granted what it wants', () => {
  const { ask, row } = partner();
  expect(ask('a')).toEqual({ granted: 8 });
  expect(row()).toEqual({
    revision: '1',
    holders: [{ execution: 'a', sessions: 8, sinceMs: START_MS }],
    waiting: [],
  });
});

test.each([
  [1, 1],
  [9, 9],
  [10, 10],
  [11, 10],
  [40, 10],
])('of ten sessions, a request for %i is granted %i', (wanted, granted) => {
  expect(partner().ask('a', wanted)).toEqual({ granted });
});

test('the second is granted what is left, the third waits, and is told how long and for how many', () => {
  const { ask } = partner();
  ask('a', 8);
  expect(ask('b', 8)).toEqual({ granted: 2 });
  expect(ask('c', 8)).toEqual({
    granted: 0,
    ahead: 2,
    executionsAhead: ['a', 'b'],
    waitSeconds: 10,
    waitingSinceMs: START_MS,
    inQuestion: [],
  });
});

test('a repeated request is answered as the first one, and changes nothing', () => {
  const { ask, row } = partner();
  ask('a', 8);
  const before = row();
  expect(ask('a', 8)).toEqual({ granted: 8 });
  expect(row()).toBe(before);
});

test('a request for no session is granted one', () => {
  expect(partner().ask('a', 0)).toEqual({ granted: 1 });
});

test('whoever asked first is served first, however often the others ask', () => {
  const { ask, giveBack, wait } = partner();
  ask('a', 10);
  for (const execution of ['b', 'c', 'd']) ask(execution, 4);
  wait(5);
  giveBack('a');
  expect(ask('d', 4)).toMatchObject({ granted: 0, ahead: 2 });
  expect(ask('c', 4)).toMatchObject({ granted: 0, ahead: 1 });
  expect(ask('b', 4)).toEqual({ granted: 4 });
  expect(ask('d', 4)).toMatchObject({ granted: 0, ahead: 2 });
  expect(ask('c', 4)).toEqual({ granted: 4 });
  expect(ask('d', 4)).toEqual({ granted: 2 });
});

test('a newcomer does not overtake those who wait, even if sessions are free', () => {
  const { ask, giveBack } = partner();
  ask('a', 10);
  ask('b', 10);
  giveBack('a');
  expect(ask('new', 1)).toMatchObject({ granted: 0, ahead: 1 });
});

test('a release is idempotent, and unknown executions release nothing', () => {
  const { ask, giveBack } = partner();
  ask('a', 8);
  expect(giveBack('a')).toEqual({ released: 8 });
  expect(giveBack('a')).toEqual({ released: 0 });
  expect(giveBack('never')).toEqual({ released: 0 });
  expect(ask('b', 10)).toEqual({ granted: 10 });
});

test('an execution that gives up its place in the queue lets the next one through', () => {
  const { ask, giveBack } = partner();
  ask('a', 10);
  ask('b', 4);
  ask('c', 4);
  giveBack('b');
  giveBack('a');
  expect(ask('c', 4)).toEqual({ granted: 4 });
});

test('sessions that functions may still hold count until their time is over', () => {
  const { ask, giveBack, wait } = partner();
  ask('a', 10);
  giveBack('a', wait(1) + 900_000);
  wait(899);
  expect(ask('b', 4)).toMatchObject({ granted: 0 });
  wait(1);
  expect(ask('b', 4)).toEqual({ granted: 4 });
});

test('a release that is repeated later does not hold the sessions longer', () => {
  const { ask, giveBack, wait } = partner();
  ask('a', 10);
  giveBack('a', START_MS + 900_000);
  wait(800);
  expect(giveBack('a', START_MS + 1_700_000)).toEqual({ released: 0 });
  wait(100);
  expect(ask('b', 4)).toEqual({ granted: 4 });
});

test('holders are in question once they are not young any more, and lose their sessions when they have ended', () => {
  const { ask, wait } = partner();
  ask('a', 10);
  wait(59);
  expect(ask('b', 4)).toMatchObject({ inQuestion: [] });
  wait(1);
  expect(ask('b', 4)).toMatchObject({ inQuestion: ['a'] });
  expect(ask('b', 4, { ended: [{ execution: 'a', freeAtMs: START_MS }] })).toEqual({ granted: 4 });
});

test('an execution that ended with functions at work keeps its sessions for their time, and is asked about no more', () => {
  const { ask, wait } = partner();
  ask('a', 10);
  wait(100);
  const ended = [{ execution: 'a', freeAtMs: START_MS + 500_000 }];
  expect(ask('b', 4, { ended })).toMatchObject({ granted: 0, inQuestion: [] });
  wait(400);
  expect(ask('b', 4)).toEqual({ granted: 4 });
});

test('who waits and does not ask again is in question, and out of the way when it has ended', () => {
  const { ask, giveBack, wait } = partner();
  ask('a', 10);
  ask('dead', 4);
  ask('b', 4);
  wait(10 + 60);
  giveBack('a');
  expect(ask('b', 4)).toMatchObject({ granted: 0, ahead: 1, inQuestion: ['dead'] });
  expect(ask('b', 4, { ended: [{ execution: 'dead', freeAtMs: 0 }] })).toEqual({ granted: 4 });
});

test('who does not ask for two hours after its time loses its place, whatever is known of it', () => {
  const { ask, giveBack, wait } = partner();
  ask('a', 10);
  ask('silent', 4);
  ask('b', 4);
  giveBack('a');
  wait(7_209);
  expect(ask('b', 4)).toMatchObject({ granted: 0, ahead: 1 });
  wait(1);
  expect(ask('b', 4)).toEqual({ granted: 4 });
  expect(ask('silent', 4)).toEqual({ granted: 4 });
});

test('at most ten executions are in question at a time', () => {
  const { ask, wait } = partner(20);
  for (let index = 0; index < 20; index += 1) ask(`e${index}`, 1);
  wait(60);
  const answer = ask('last');
  expect('inQuestion' in answer && answer.inQuestion).toEqual(
    Array.from({ length: 10 }, (_, index) => `e${index}`),
  );
});

test('fewer sessions than before a deployment: nobody is granted one until there is room', () => {
  const { ask, giveBack } = partner(10);
  ask('a', 6);
  ask('b', 4);
  expect(ask('c', 4, { maxSessions: 4 })).toMatchObject({ granted: 0 });
  giveBack('b');
  expect(ask('c', 4, { maxSessions: 4 })).toMatchObject({ granted: 0 });
  giveBack('a');
  expect(ask('c', 4, { maxSessions: 4 })).toEqual({ granted: 4 });
});

test.each([
  ['at first', 0, 10],
  ['a clock that went back', -5_000, 10],
  ['after 200 s', 200_000, 10],
  ['after 201 s', 201_000, 11],
  ['after an hour', 3_600_000, 180],
  ['after five hours', 18_000_000, 900],
  ['after six days', 518_400_000, 900],
])('%s, the next look is in the right time', (_, waitedMs, seconds) => {
  expect(secondsToWait(waitedMs)).toBe(seconds);
});
