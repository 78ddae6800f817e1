import type { CheckSessions, CheckSessionsEvent } from '../../doctor/check-sessions.ts';
import { checkLeaseName } from '../../ledger/check-lease.ts';
import type { Clock } from '../../transfer/clock.ts';
import { askForSessions } from './ask-for-sessions.ts';
import type { ReservePorts, ReserveSettings } from './ports.ts';

/** Longer than the function of a check may run, and than its caller waits for it. */
export const CHECK_LEASE_MS = 180_000;

/**
 * Reserves what is free for a check of the partner's server, or says who is served first. A check never waits: it would
 * stand before transfers. Whoever began it gives its sessions back; if not, they are free when its time is over.
 * @throws LedgerUnavailableError
 */
export async function reserveForCheck(
  { check, wanted_sessions }: CheckSessionsEvent,
  { clock, ...ports }: ReservePorts & { clock: Pick<Clock, 'nowMs'> },
  settings: ReserveSettings,
  signal: AbortSignal,
): Promise<CheckSessions> {
  const heldAs = checkLeaseName(check.id, clock.nowMs() + CHECK_LEASE_MS);
  const asked = {
    execution: heldAs,
    wanted: wanted_sessions,
    maxSessions: settings.maxSessions,
    waits: false,
  };
  const answer = await askForSessions(asked, ports, settings.drainMs, signal);
  const heldBy = 'inQuestion' in answer ? answer.executionsAhead : [];
  const { granted } = answer;
  ports.telemetry.info(granted > 0 ? 'sessions granted to a check' : 'no session is free for a check', {
    granted,
    wanted: wanted_sessions,
    ahead: heldBy.length,
    max_sessions: settings.maxSessions,
  });
  return { granted, wanted: wanted_sessions, held_as: heldAs, held_by: heldBy };
}
