import type { PartnerSessions } from '../../ledger/ports.ts';
import type { Clock } from '../../transfer/clock.ts';
import type { Telemetry } from '../../transfer/telemetry.ts';
import type { ReleasedSessions, ReleaseSessionsEvent } from './event.ts';

/**
 * Gives a transfer's sessions back; again: nothing happens.
 *
 * A Map that fails does not end the functions of its other items: they work on until they notice, at most until their
 * time-out. Until then their sessions count.
 * @param drainMs that time-out
 * @throws LedgerUnavailableError
 */
export async function releaseSessions(
  { execution_id: execution, transfer }: ReleaseSessionsEvent,
  ports: { sessions: PartnerSessions; telemetry: Telemetry; clock: Pick<Clock, 'nowMs'> },
  drainMs: number,
  signal: AbortSignal,
): Promise<ReleasedSessions> {
  const mayBeOpen = transfer.upload !== undefined && transfer.object === undefined;
  const freeAfterMs = mayBeOpen ? drainMs : 0;
  const release = { execution, ...(mayBeOpen && { freeAtMs: ports.clock.nowMs() + freeAfterMs }) };
  const { released } = await ports.sessions.release(release, signal);
  const result = { released, free_after_seconds: freeAfterMs / 1000 };
  ports.telemetry.info('sessions released', result);
  return result;
}
