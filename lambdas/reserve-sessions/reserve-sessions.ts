import type { EndedExecution, PartnerSessions, SessionAnswer } from '../../ledger/ports.ts';
import type { Telemetry } from '../../transfer/telemetry.ts';
import { claimKeptUpload, type UploadClaimPorts } from './claim-kept-upload.ts';
import type { SessionRequestEvent, SessionReservation } from './event.ts';

export interface ReserveSettings {
  /** Sessions that the partner has granted, over all executions. */
  maxSessions: number;
  /** Of a transfer whose request names no concurrency. */
  maxConcurrency: number;
  /** Longest time for which a function of an ended execution may still hold a session. */
  drainMs: number;
}

/** When an execution ended, and whether all its work was done then. */
export interface ExecutionEnd {
  endedAtMs: number;
  succeeded: boolean;
}

export interface ReservePorts {
  sessions: PartnerSessions;
  /** Undefined while the execution runs, or where that cannot be learnt now. */
  endOf(execution: string, signal: AbortSignal): Promise<ExecutionEnd | undefined>;
  telemetry: Telemetry;
  /** Absent where no parts are kept. */
  resuming?: UploadClaimPorts;
}

/**
 * Reserves the sessions of a transfer, or of one phase of a folder's run, before it opens the first, or says how long to wait before asking again.
 * Whoever asked first is served first. Executions that ended without giving their sessions back are looked for only
 * when somebody would have to wait for them. An execution that resumes another one claims its upload first: the second
 * of two is told at once.
 * @throws InvalidTransferRequestError | ResumeInProgressError | LedgerUnavailableError
 */
export async function reserveSessions(
  { execution_id: execution, request, wanted_sessions }: SessionRequestEvent,
  ports: ReservePorts,
  settings: ReserveSettings,
  signal: AbortSignal,
): Promise<SessionReservation> {
  const keptUpload = await claimKeptUpload(request?.resume_execution, execution, ports.resuming, signal);
  const wanted = wanted_sessions ?? request?.max_concurrency ?? settings.maxConcurrency;
  const asked = { execution, wanted, maxSessions: settings.maxSessions };
  let answer = await ports.sessions.request(asked, signal);
  if ('inQuestion' in answer) {
    const ended = await endedOf(answer.inQuestion, ports, settings.drainMs, signal);
    if (ended.length > 0) answer = await ports.sessions.request({ ...asked, ended }, signal);
  }
  const reservation = describe(answer, wanted);
  report(reservation, settings.maxSessions, ports.telemetry);
  return keptUpload === undefined ? reservation : { ...reservation, kept_upload: keptUpload };
}

async function endedOf(
  executions: readonly string[],
  { endOf }: ReservePorts,
  drainMs: number,
  signal: AbortSignal,
): Promise<EndedExecution[]> {
  const ended: EndedExecution[] = [];
  for (const execution of executions) {
    const end = await endOf(execution, signal);
    if (end === undefined) continue;
    ended.push({ execution, freeAtMs: end.endedAtMs + (end.succeeded ? 0 : drainMs) });
  }
  return ended;
}

function describe(answer: SessionAnswer, wanted: number): SessionReservation {
  if ('inQuestion' in answer) {
    return { granted: 0, wanted, ahead: answer.ahead, wait_seconds: answer.waitSeconds };
  }
  return { granted: answer.granted, wanted, ahead: 0, wait_seconds: 0 };
}

function report(reservation: SessionReservation, maxSessions: number, telemetry: Telemetry): void {
  const { granted, wanted, ahead, wait_seconds } = reservation;
  if (granted === 0) {
    telemetry.info('waiting for sessions', { ahead, wait_seconds, wanted, max_sessions: maxSessions });
  } else if (granted < wanted) {
    telemetry.info('fewer sessions than wanted', { granted, wanted, max_sessions: maxSessions });
  } else {
    telemetry.info('sessions granted', { granted, max_sessions: maxSessions });
  }
}
