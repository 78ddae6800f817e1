import { releaseSessions } from '../../../../lambdas/release-sessions/release-sessions.ts';
import { memorySessions } from '../../../../ledger/partner-sessions.ts';
import { RecordingTelemetry } from '../../../support/recording-telemetry.ts';

const START_MS = Date.UTC(2026, 10, 25, 6);
const DRAIN_MS = 900_000;
const signal = new AbortController().signal;
const upload = { upload_id: 'u' };

async function release(transfer: { upload?: unknown; object?: unknown }) {
  let nowMs = START_MS;
  const sessions = memorySessions(() => nowMs);
  const ports = { sessions, telemetry: new RecordingTelemetry(), clock: { nowMs: () => nowMs } };
  await sessions.request({ execution: 'a', wanted: 8, maxSessions: 8 });
  const event = { execution_id: 'a', transfer };
  const result = await releaseSessions(event, ports, DRAIN_MS, signal);
  const again = await releaseSessions(event, ports, DRAIN_MS, signal);
  /** Whether another transfer gets its session after so many seconds. */
  const isFreeAfter = async (seconds: number) => {
    nowMs = START_MS + seconds * 1000;
    return (await sessions.request({ execution: 'b', wanted: 1, maxSessions: 8 })).granted === 1;
  };
  return { result, again, isFreeAfter };
}

test.each([
  ['that landed', { upload, object: { key: 'k' } }],
  ['that failed before its upload', {}],
])('sessions of a transfer %s are free at once', async (_, transfer) => {
  const { result, again, isFreeAfter } = await release(transfer);
  expect(result).toEqual({ released: 8, free_after_seconds: 0 });
  expect(again.released).toBe(0);
  expect(await isFreeAfter(0)).toBe(true);
});

test('those of one that failed in the middle are free when its functions must have ended', async () => {
  const { result, again, isFreeAfter } = await release({ upload });
  expect(result).toEqual({ released: 8, free_after_seconds: 900 });
  expect(again.released).toBe(0);
  expect(await isFreeAfter(899)).toBe(false);
  expect(await isFreeAfter(900)).toBe(true);
});
