import { PartnerWatch } from '../../../local/partner-watch.ts';
import { RecordingTelemetry } from '../../support/recording-telemetry.ts';

const EXECUTION = 'local:1';

/** A clock that stands still: whoever sleeps is woken, or never goes on. */
const standing = {
  nowMs: () => 0,
  sleep: (_: number, signal: AbortSignal) =>
    new Promise<void>((_resolve, reject) => {
      if (signal.aborted) reject(signal.reason);
      signal.addEventListener('abort', () => reject(signal.reason));
    }),
};

function watch() {
  const answers: [segment: number | undefined, waitSeconds: number][] = [];
  const patience = { patienceMs: 600_000, turnMs: 60_000 };
  const ports = { clock: standing, telemetry: new RecordingTelemetry() };
  const partner = new PartnerWatch(ports, patience, ({ segmentNumber, wait_seconds }) =>
    answers.push([segmentNumber, wait_seconds]),
  );
  const wait = (segment: number, signal = new AbortController().signal) =>
    partner.wait(
      {
        execution_id: EXECUTION,
        lost_partner: {
          lost: { Error: 'SftpConnectionError', Cause: 'refused' },
          file: { max_concurrency: 4 },
          segment: { segment_number: segment, next_chunk: segment },
        },
      },
      signal,
    );
  return { answers, wait, reads: (segment: number) => partner.whoReads(EXECUTION, segment)() };
}

test('the first bytes of the one whose turn it is wake all that wait', async () => {
  const { answers, reads, wait } = watch();
  expect(await wait(1)).toMatchObject({ wait_seconds: 0 });
  // It has lost the partner before the turn: the clock stands.
  const others = [wait(2), wait(3)];
  reads(1);
  expect(await Promise.all(others)).toMatchObject([
    { wait_seconds: 15, waited_seconds: 0 },
    { wait_seconds: 15, waited_seconds: 0 },
  ]);
  expect(answers).toEqual([
    [1, 0],
    [2, 15],
    [3, 15],
  ]);
});

test('bytes of another, whose session was never lost, wake nobody', async () => {
  const { reads, wait } = watch();
  const stop = new AbortController();
  await wait(1);
  const second = wait(2, stop.signal);
  reads(3);
  const first = await Promise.race([second, new Promise((resolve) => setImmediate(resolve, 'waits'))]);
  expect(first).toBe('waits');
  stop.abort(new Error('stopped'));
  await expect(second).rejects.toThrow('stopped');
});
