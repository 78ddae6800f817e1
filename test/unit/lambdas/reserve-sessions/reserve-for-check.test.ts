import { CHECK_LEASE_MS, reserveForCheck } from '../../../../lambdas/reserve-sessions/reserve-for-check.ts';
import { reserveSessions } from '../../../../lambdas/reserve-sessions/reserve-sessions.ts';
import { sessionsRig } from '../../../support/sessions-rig.ts';

const signal = new AbortController().signal;

/** A partner that grants ten sessions. */
function rig() {
  const { ports, settings, end, ...rest } = sessionsRig(Date.UTC(2026, 10, 27, 3));
  return {
    ...rest,
    ports,
    endWell: (execution: string) => end(execution, true),
    transfer: (execution: string, width: number) =>
      reserveSessions({ execution_id: execution, wanted_sessions: width }, ports, settings, signal),
    check: (id: string) =>
      reserveForCheck(
        { execution_id: `check ${id}`, check: { id }, wanted_sessions: 4 },
        ports,
        settings,
        signal,
      ),
  };
}

test('a check gets what it wants, and a transfer beside it only the rest', async () => {
  const { check, transfer } = rig();
  expect(await check('1')).toEqual({
    granted: 4,
    wanted: 4,
    held_as: 'check 1 until 2026-11-27T03:03:00.000Z',
    held_by: [],
  });
  expect(await transfer('a', 8)).toMatchObject({ granted: 6 });
});

test('beside transfers it gets what is left', async () => {
  const { check, transfer } = rig();
  await transfer('a', 8);
  expect(await check('1')).toMatchObject({ granted: 2 });
});

test('where none is free it is told who is served first, and does not wait: nobody is behind it', async () => {
  const { check, ports, transfer } = rig();
  await transfer('a', 10);
  await transfer('b', 4);

  expect(await check('1')).toMatchObject({ granted: 0, held_by: ['a', 'b'] });
  await ports.sessions.release({ execution: 'a' });

  expect(await check('2')).toMatchObject({ granted: 0, held_by: ['b'] });
  expect(await transfer('c', 4)).toMatchObject({ granted: 0, ahead: 1 });
  expect(await transfer('b', 4)).toMatchObject({ granted: 4 });
  expect(await transfer('c', 4)).toMatchObject({ granted: 4 });
  expect(await check('3')).toMatchObject({ granted: 2 });
});

test('sessions that a check has given back are free at once', async () => {
  const { check, ports, transfer } = rig();
  const { held_as } = await check('1');
  await ports.sessions.release({ execution: held_as });
  expect(await transfer('a', 10)).toMatchObject({ granted: 10 });
});

test('those of a check that was killed are free when its time is over; Step Functions is not asked about it', async () => {
  const { asked, check, transfer, wait } = rig();
  await transfer('a', 6);
  await check('killed');
  expect(await transfer('b', 8)).toMatchObject({ granted: 0, ahead: 2 });
  wait(CHECK_LEASE_MS - 1);
  expect(await transfer('b', 8)).toMatchObject({ granted: 0, ahead: 2 });
  wait(1);
  expect(await transfer('b', 8)).toMatchObject({ granted: 4 });
  expect(new Set(asked)).toEqual(new Set(['a']));
});

test('a check finds out that a holder has ended', async () => {
  const { check, endWell, transfer, wait } = rig();
  await transfer('lost', 10);
  wait(60_000);
  endWell('lost');
  expect(await check('1')).toMatchObject({ granted: 4, held_by: [] });
});
