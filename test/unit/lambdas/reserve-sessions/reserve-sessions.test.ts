import { reserveSessions } from '../../../../lambdas/reserve-sessions/reserve-sessions.ts';
import { sessionsRig } from '../../../support/sessions-rig.ts';

const signal = new AbortController().signal;

function rig() {
  const { ports, settings, wait, ...rest } = sessionsRig(Date.UTC(2026, 10, 25, 6));
  return {
    ...rest,
    ports,
    wait: (seconds: number) => wait(seconds * 1000),
    reserve: (execution: string, width?: number) =>
      reserveSessions(
        {
          execution_id: execution,
          request: { sftp_file_path: '/f', ...(width !== undefined && { max_concurrency: width }) },
        },
        ports,
        settings,
        signal,
      ),
  };
}

test.each([
  ['no width', undefined, { granted: 8, wanted: 8, ahead: 0, wait_seconds: 0 }],
  ['a narrow one', 2, { granted: 2, wanted: 2, ahead: 0, wait_seconds: 0 }],
  ['one above all sessions', 40, { granted: 10, wanted: 40, ahead: 0, wait_seconds: 0 }],
])('a request with %s is answered with what it may open', async (_, width, reservation) => {
  expect(await rig().reserve('a', width)).toEqual(reservation);
});

test('nobody is asked about while there are sessions', async () => {
  const { asked, reserve, wait } = rig();
  await reserve('a', 5);
  wait(3_600);
  await reserve('b', 5);
  expect(asked).toEqual([]);
});

test('who must wait is told how long and for how many, and the log shows it', async () => {
  const { asked, ports, reserve, wait } = rig();
  await reserve('a', 10);
  wait(60);
  expect(await reserve('b')).toEqual({ granted: 0, wanted: 8, ahead: 1, wait_seconds: 10 });
  expect(asked).toEqual(['a']);
  expect(JSON.stringify(ports.telemetry)).toContain('waiting for sessions');
});

test('sessions of an execution that succeeded but could not give them back are free at once', async () => {
  const { end, reserve, wait } = rig();
  await reserve('a', 10);
  wait(60);
  end('a', true);
  expect(await reserve('b')).toMatchObject({ granted: 8 });
});

test('those of one that was stopped are free when its functions must have ended', async () => {
  const { end, reserve, wait } = rig();
  await reserve('a', 10);
  wait(60);
  end('a', false);
  expect(await reserve('b')).toMatchObject({ granted: 0, ahead: 1 });
  wait(899);
  expect(await reserve('b')).toMatchObject({ granted: 0 });
  wait(1);
  expect(await reserve('b')).toMatchObject({ granted: 8 });
});
