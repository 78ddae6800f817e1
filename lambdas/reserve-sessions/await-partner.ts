import type { PartnerTurns } from '../../ledger/partner-turns.ts';
import type { Clock } from '../../transfer/clock.ts';
import { longestWaitMinutes, type Patience, restMs } from '../../transfer/patience.ts';
import type { Telemetry } from '../../transfer/telemetry.ts';
import { type CaughtError, causeWithSentence, readableCause } from '../../transfer/text/lambda-error.ts';
import type { AwaitedPartner, AwaitPartnerEvent } from './event.ts';

export interface AwaitPorts {
  turns: PartnerTurns;
  clock: Pick<Clock, 'nowMs'>;
  telemetry: Telemetry;
}

/** So long after its patience is over, work waits to learn whether the one who tries now has reached the partner. */
const LAST_TURNS = 3;

/**
 * Says when work that has lost the partner may try again. One tries at a time, and in a long outage once in a minute,
 * however many segments of however many transfers wait. When the patience is over, the work fails with the error that it had.
 * @throws LedgerUnavailableError
 */
export async function awaitPartner(
  { execution_id: execution, lost_partner: work }: AwaitPartnerEvent,
  { clock, telemetry, turns }: AwaitPorts,
  { patienceMs, turnMs }: Patience,
  signal: AbortSignal,
): Promise<AwaitedPartner> {
  const nowMs = clock.nowMs();
  const stage = stageOf(work);
  // Where the work has come further since then, it is another loss.
  const before = work.waited?.stage === stage ? work.waited : undefined;
  const since_ms = before?.since_ms ?? nowMs;
  const waited_seconds = work.waited?.waited_seconds ?? 0;
  const { Error: error_name, Cause } = work.lost;
  const fields = { stage, error_name, error_message: readableCause(Cause) };
  const width = work.file?.max_concurrency ?? 1;
  const longestMs = longestWaitMinutes(width) * turnMs;
  const leftMs = Math.min(since_ms + patienceMs - nowMs, longestMs - waited_seconds * 1_000);
  const waited = { stage, since_ms, waited_seconds, wait_seconds: 0 };
  const failed = before?.wait_seconds === 0;
  const request = {
    by: nameOfWork(execution, work.segment?.segment_number),
    lostAtMs: since_ms,
    failed,
    // A try may take longer than a turn: without this there would always be a turn to be taken.
    isLast: failed && leftMs <= 0,
    restMs: restMs(width, waited_seconds * 1_000, turnMs),
  };
  const { hasFailed, waitMs } =
    patienceMs === 0 ? { waitMs: turnMs, hasFailed: true } : await turns.ask(request, signal);
  // Whoever has waited long enough still goes on if the partner has just come back.
  const isOver = leftMs <= 0 && (hasFailed || leftMs < -LAST_TURNS * turnMs);
  if (waitMs > 0 && isOver) {
    telemetry.warn('the partner has not come back', fields);
    return { ...waited, gave_up: giveUp(work.lost, nowMs - since_ms) };
  }
  const wait_seconds = Math.ceil((leftMs > 0 ? Math.min(waitMs, leftMs) : waitMs) / 1_000);
  telemetry.warn(wait_seconds === 0 ? 'trying the partner again' : 'waiting for the partner', {
    ...fields,
    wait_seconds,
  });
  return { ...waited, waited_seconds: waited_seconds + wait_seconds, wait_seconds };
}

/** Over all executions of a partner. */
export function nameOfWork(execution: string, segmentNumber: number | undefined): string {
  return segmentNumber === undefined ? execution : `${execution} segment ${segmentNumber}`;
}

/** How far the work has come. */
function stageOf({ plan, segment, upload }: AwaitPartnerEvent['lost_partner']): string {
  if (segment !== undefined) return `chunk ${segment.next_chunk}`;
  if (plan !== undefined) return 'completion';
  return upload === undefined ? 'metadata' : 'resume';
}

function giveUp({ Error: name, Cause }: CaughtError, waitedMs: number): CaughtError {
  const minutes = Math.round(waitedMs / 60_000);
  if (minutes === 0) return { Error: name, Cause };
  return {
    Error: name,
    Cause: causeWithSentence(Cause, `waited ${minutes} min for the partner to come back`),
  };
}
