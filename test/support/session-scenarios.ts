import { SeededRandom } from '../torture/seeded-random.ts';
import { type ModelRun, type ModelTransfer, runModel } from './session-model.ts';

export const WORKER_SECONDS = [5, 15, 30, 60, 300, 900];
export const REFILL_MS = [20, 60, 250, 1_000];
/** Step Functions' own limit is 25,000. */
export const MAX_HISTORY_EVENTS = 24_000;

/** Of one, two, ... five transfers, each starting a minute after the one before it. */
export function overlapping(count: number, transfer: Omit<ModelTransfer, 'startSeconds'>): ModelTransfer[] {
  return Array.from({ length: count }, (_, index) => ({ ...transfer, startSeconds: index * 60 }));
}

/** A share of 2,000 items that takes about five hours on eight workers. */
export function itemsOf(workerSeconds: number): number {
  return Math.min(2_000, Math.ceil((5 * 3_600 * 8) / workerSeconds));
}

export interface Cell {
  workerSeconds: number;
  refillMs: number;
  sharing: ModelRun['sharing'];
  /** Of `runs`. */
  failed: number;
  runs: number;
  peakSessions: number;
  historyEvents: number;
}

/** `transfers` transfers of width 8 at a partner that grants eight sessions, several times. */
export function measure(
  sharing: ModelRun['sharing'],
  transfers: number,
  workerSeconds: number,
  refillMs: number,
  runs: number,
): Cell {
  const cell: Cell = { workerSeconds, refillMs, sharing, failed: 0, runs, peakSessions: 0, historyEvents: 0 };
  for (let seed = 0; seed < runs; seed += 1) {
    const random = new SeededRandom(`${transfers} ${workerSeconds} ${refillMs} ${seed}`);
    const outcome = runModel({
      transfers: overlapping(transfers, { items: itemsOf(workerSeconds), wanted: 8 }),
      maxSessions: 8,
      workerSeconds,
      refillMs,
      sharing,
      random: () => random.fraction(),
    });
    if (outcome.transfers.some((one) => one.outcome !== 'succeeded')) cell.failed += 1;
    cell.peakSessions = Math.max(cell.peakSessions, outcome.peakSessions);
    cell.historyEvents = Math.max(cell.historyEvents, ...outcome.transfers.map((one) => one.historyEvents));
  }
  return cell;
}
