import { awaitPartner } from '../../lambdas/reserve-sessions/await-partner.ts';
import type { AwaitedPartner } from '../../lambdas/reserve-sessions/event.ts';
import { memoryTurns } from '../../ledger/partner-turns.ts';
import { loadWorkflow, type WorkflowState } from '../../local/workflow-definition.ts';
import { patienceOf } from '../../transfer/patience.ts';
import { RecordingTelemetry } from './recording-telemetry.ts';

/**
 * Transfers of one partner that goes down, in virtual time. Who may try when is decided by the product's own code; what a
 * wait and a try cost of the history is read from the workflow file.
 */
export interface OutageRun {
  /** Width of each transfer; all are at work when the partner goes down. */
  widths: readonly number[];
  outageMinutes: number;
  patienceMinutes: number;
  /** From a try to its failure: a refused connection takes no time, a silent one the connect timeout. */
  failSeconds: number;
  /** Uniform in [0, 1). */
  random: () => number;
}

export interface OutageEnd {
  /** Transfers all of whose segments got to work again. */
  landed: number;
  /** Tries at the partner while it was down, after the one with which each segment lost it. */
  tries: number;
  /** Most of them within any 60 seconds. */
  mostTriesInAMinute: number;
  /** From the partner's return until all segments are at work. */
  backAtWorkMinutes: number;
  /** Of one execution, at most. */
  historyEvents: number;
}

const ITEM = loadWorkflow().States.DownloadSegments?.ItemProcessor?.States ?? {};
const EVENTS_OF: Readonly<Record<string, number>> = { Task: 5, Choice: 2, Wait: 2 };
/** All segments lose their sessions at once, and find out within this time, or a third of a short outage. */
const LOSS_SPREAD_MS = 60_000;
/** From the end of a function that failed to the answer of the next one. */
const REPORT_MS = 1_500;

/** From AwaitPartnerOfSegment by the Wait back to it. */
export function eventsOfWait(): number {
  let events = 0;
  let name = 'WaitForPartnerOfSegment';
  do {
    const state: (WorkflowState & { Choices?: { Next: string }[] }) | undefined = ITEM[name];
    if (state === undefined) throw new Error(`no state ${name}`);
    events += EVENTS_OF[state.Type] ?? 0;
    name = state.Next ?? state.Choices?.find(({ Next }) => Next === 'WaitForPartnerOfSegment')?.Next ?? '';
  } while (name !== 'WaitForPartnerOfSegment');
  return events;
}

/** A try that fails, and the look that allowed it. */
const EVENTS_OF_TRY = 5 + 5 + 2;

export async function runOutage(run: OutageRun): Promise<OutageEnd> {
  let nowMs = 0;
  const due: { atMs: number; go: () => Promise<void> }[] = [];
  const after = (delayMs: number, go: () => Promise<void>) => void due.push({ atMs: nowMs + delayMs, go });
  const patience = patienceOf(run.patienceMinutes);
  const ports = {
    turns: memoryTurns(() => nowMs, patience.turnMs),
    clock: { nowMs: () => nowMs },
    telemetry: new RecordingTelemetry(),
  };
  const signal = new AbortController().signal;
  const downMs = run.outageMinutes * 60_000;
  const tries: number[] = [];
  const gaveUp = new Set<number>();
  const events = run.widths.map(() => 0);
  let lastBackMs = downMs;

  run.widths.forEach((width, transfer) => {
    for (let segment = 1; segment <= width; segment += 1) {
      let waited: AwaitedPartner | undefined;
      const attempt = async () => {
        if (nowMs >= downMs) {
          lastBackMs = Math.max(lastBackMs, nowMs);
          return;
        }
        tries.push(nowMs);
        events[transfer] = (events[transfer] ?? 0) + EVENTS_OF_TRY;
        after(run.failSeconds * 1_000 + REPORT_MS, look);
      };
      const look = async () => {
        if (gaveUp.has(transfer)) return;
        waited = await awaitPartner(
          {
            execution_id: `execution-${transfer}`,
            lost_partner: {
              lost: { Error: 'SftpConnectionError', Cause: 'refused' },
              file: { max_concurrency: width },
              segment: { segment_number: segment, next_chunk: segment },
              ...(waited && { waited }),
            },
          },
          ports,
          patience,
          signal,
        );
        if (waited.gave_up !== undefined) gaveUp.add(transfer);
        else if (waited.wait_seconds === 0) await attempt();
        else {
          events[transfer] = (events[transfer] ?? 0) + eventsOfWait();
          after(waited.wait_seconds * 1_000, look);
        }
      };
      after(run.random() * Math.min(LOSS_SPREAD_MS, downMs / 3), look);
    }
  });

  while (due.length > 0) {
    due.sort((one, other) => one.atMs - other.atMs);
    const next = due.shift();
    nowMs = next?.atMs ?? nowMs;
    await next?.go();
  }
  return {
    landed: run.widths.length - gaveUp.size,
    tries: tries.length,
    mostTriesInAMinute: mostWithin(tries, 60_000),
    backAtWorkMinutes: (lastBackMs - downMs) / 60_000,
    historyEvents: Math.max(...events),
  };
}

function mostWithin(sortedMs: readonly number[], spanMs: number): number {
  return Math.max(
    0,
    ...sortedMs.map((fromMs) => sortedMs.filter((atMs) => atMs >= fromMs && atMs < fromMs + spanMs).length),
  );
}
