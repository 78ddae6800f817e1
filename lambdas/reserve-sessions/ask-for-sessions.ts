import { checkLeaseEndMs } from '../../ledger/check-lease.ts';
import type { EndedExecution, SessionAnswer, SessionRequest } from '../../ledger/ports.ts';
import type { ReservePorts } from './ports.ts';

/**
 * Asks for sessions. Executions that ended without giving theirs back are looked for only when there is none for whoever
 * asks.
 * @throws LedgerUnavailableError
 */
export async function askForSessions(
  request: SessionRequest,
  ports: Pick<ReservePorts, 'sessions' | 'endOf'>,
  drainMs: number,
  signal: AbortSignal,
): Promise<SessionAnswer> {
  const answer = await ports.sessions.request(request, signal);
  if (!('inQuestion' in answer)) return answer;
  const ended = await endedOf(answer.inQuestion, ports, drainMs, signal);
  return ended.length === 0 ? answer : ports.sessions.request({ ...request, ended }, signal);
}

async function endedOf(
  executions: readonly string[],
  { endOf }: Pick<ReservePorts, 'endOf'>,
  drainMs: number,
  signal: AbortSignal,
): Promise<EndedExecution[]> {
  const ended: EndedExecution[] = [];
  for (const execution of executions) {
    const checkEndMs = checkLeaseEndMs(execution);
    if (checkEndMs !== undefined) {
      // The store's clock decides whether that is over.
      ended.push({ execution, freeAtMs: checkEndMs });
      continue;
    }
    const end = await endOf(execution, signal);
    if (end === undefined) continue;
    ended.push({ execution, freeAtMs: end.endedAtMs + (end.succeeded ? 0 : drainMs) });
  }
  return ended;
}
