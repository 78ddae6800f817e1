import type { SessionAnswer } from '../../ledger/ports.ts';
import type { Telemetry } from '../../transfer/telemetry.ts';
import { askForSessions } from './ask-for-sessions.ts';
import { claimKeptUpload } from './claim-kept-upload.ts';
import type { SessionRequestEvent, SessionReservation } from './event.ts';
import type { ReservePorts, ReserveSettings } from './ports.ts';

/**
 * Reserves the sessions of a transfer, or of one phase of a folder's run, before it opens the first, or says how long to wait before asking again.
 * Whoever asked first is served first. An execution that resumes another one claims its upload first: the second
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
  const answer = await askForSessions(asked, ports, settings.drainMs, signal);
  const reservation = describe(answer, wanted);
  report(reservation, settings.maxSessions, ports.telemetry);
  return keptUpload === undefined ? reservation : { ...reservation, kept_upload: keptUpload };
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
