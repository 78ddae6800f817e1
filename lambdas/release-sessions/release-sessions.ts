import type { KeptUploads } from '../../ledger/kept-uploads.ts';
import type { PartnerSessions } from '../../ledger/ports.ts';
import type { Clock } from '../../transfer/clock.ts';
import type { Telemetry } from '../../transfer/telemetry.ts';
import type { ReleasedSessions, ReleaseSessionsEvent } from './event.ts';

export interface ReleasePorts {
  sessions: PartnerSessions;
  telemetry: Telemetry;
  clock: Pick<Clock, 'nowMs'>;
  /** Absent where no parts are kept. */
  uploads?: Pick<KeptUploads, 'forget' | 'release'>;
}

/**
 * Gives an execution's sessions back, and its claim of a kept upload; again: nothing happens.
 *
 * A Map that fails does not end the functions of its other items: they work on until they notice, at most until their
 * time-out. Until then their sessions count.
 * @param drainMs that time-out
 * @throws LedgerUnavailableError
 */
export async function releaseSessions(
  { execution_id: execution, transfer, run }: ReleaseSessionsEvent,
  ports: ReleasePorts,
  drainMs: number,
  signal: AbortSignal,
): Promise<ReleasedSessions> {
  const isTransferCutOff = transfer?.upload !== undefined && transfer.object === undefined;
  const areBatchesCutOff = run?.phase.name === 'copy' && run.error !== undefined;
  const mayBeOpen = isTransferCutOff || areBatchesCutOff;
  const freeAfterMs = mayBeOpen ? drainMs : 0;
  const release = { execution, ...(mayBeOpen && { freeAtMs: ports.clock.nowMs() + freeAfterMs }) };
  const { released } = await ports.sessions.release(release, signal);
  await endClaim(execution, transfer ?? {}, ports.uploads, signal);
  const result = { released, free_after_seconds: freeAfterMs / 1000 };
  ports.telemetry.info('sessions released', result);
  return result;
}

/** An upload that was completed, or given up for a new one, is no longer there. */
async function endClaim(
  execution: string,
  { object, resumed, sessions }: NonNullable<ReleaseSessionsEvent['transfer']>,
  uploads: ReleasePorts['uploads'],
  signal: AbortSignal,
): Promise<void> {
  const uploadId = sessions?.kept_upload?.upload_id;
  if (uploadId === undefined || uploads === undefined) return;
  const isGone = object !== undefined || resumed?.started_anew !== undefined;
  await (isGone ? uploads.forget(uploadId, signal) : uploads.release({ uploadId, execution }, signal));
}
