import type { RowStore } from '../ledger/row-store.ts';
import type { Clock } from '../transfer/clock.ts';
import { judge } from './judge.ts';
import { makeNotice, type Notice, type NoticePlace } from './notice.ts';
import type { Expectation, ExpectingPartner } from './settings.ts';
import type { LookAtFiles } from './sight.ts';
import {
  beginSince,
  isOver,
  recordSent,
  recordVerdict,
  type SinceRow,
  type StatusRow,
  statusKey,
} from './status-row.ts';
import { datesBefore, datesToJudge, type ExpectedDate } from './window.ts';

export interface EvaluationPorts {
  look: LookAtFiles;
  /** Of one partner. */
  statusRows(partner: string): Pick<RowStore<StatusRow>, 'read' | 'apply'>;
  sinceRows(partner: string): Pick<RowStore<SinceRow>, 'apply'>;
  publish(notice: Notice, signal: AbortSignal): Promise<void>;
  /** How long before its time an expectation was met; negative: it was late. */
  noteMargin(partner: string, expectation: string, seconds: number): void;
  clock: Pick<Clock, 'nowMs'>;
  /** Different for each evaluation. */
  owner: string;
}

/** Dates whose deliveries are known when an undated file is judged. */
const DATES_COUNTED = 3;

export interface EvaluationSummary {
  judged: number;
  sent: number;
}

/**
 * Judges every expectation whose time has come, writes its status, and sends what is due. Repeated, or twice at once,
 * it comes to the same rows and the same notices.
 * @throws the first failure, after all others were tried: a partner's trouble is not another partner's
 */
export async function evaluateExpectations(
  partners: readonly ExpectingPartner[],
  ports: EvaluationPorts,
  place: NoticePlace,
  signal: AbortSignal,
): Promise<EvaluationSummary> {
  const summary = { judged: 0, sent: 0 };
  const failures: unknown[] = [];
  for (const partner of partners) {
    for (const expectation of partner.expectations) {
      try {
        await evaluateOne(partner, expectation, ports, place, summary, signal);
      } catch (error) {
        signal.throwIfAborted();
        failures.push(error);
      }
    }
  }
  if (failures.length > 0) throw failures[0];
  return summary;
}

async function evaluateOne(
  partner: ExpectingPartner,
  expectation: Expectation,
  ports: EvaluationPorts,
  place: NoticePlace,
  summary: EvaluationSummary,
  signal: AbortSignal,
): Promise<void> {
  const rows = ports.statusRows(partner.partner);
  // Before the first date's time, so that the first evaluation of all is the deployment's.
  const sinceMs = await ports.sinceRows(partner.partner).apply(expectation.name, beginSince, signal);
  for (const expected of datesToJudge(expectation, ports.clock.nowMs())) {
    if (expected.fromMs < sinceMs) continue;
    const key = statusKey(expectation.name, expected.date);
    if (isOver(await rows.read(key, signal))) continue;
    summary.judged += 1;
    const verdict = await verdictOf(partner, expectation, expected, ports, signal);
    const recorded = await rows.apply(
      key,
      recordVerdict({
        expectation: expectation.name,
        expected,
        verdict,
        isTold: expectation.page,
        owner: ports.owner,
      }),
      signal,
    );
    const { row, send, hasEnded } = recorded;
    if (row === undefined) continue;
    if (hasEnded && row.arrivedAtMs !== undefined) {
      ports.noteMargin(partner.partner, expectation.name, (row.dueMs - row.arrivedAtMs) / 1000);
    }
    if (send === undefined) continue;
    await ports.publish(makeNotice(send, partner, expectation, row, place), signal);
    await rows.apply(key, recordSent(send, ports.owner), signal);
    summary.sent += 1;
  }
}

/** Also for the board, which writes nothing. */
export async function verdictOf(
  partner: ExpectingPartner,
  expectation: Expectation,
  expected: ExpectedDate,
  {
    look,
    statusRows,
    clock,
  }: Pick<EvaluationPorts, 'look' | 'clock'> & {
    statusRows(partner: string): Pick<RowStore<StatusRow>, 'read'>;
  },
  signal: AbortSignal,
) {
  const counted = new Set<string>();
  const rows = statusRows(partner.partner);
  const earlier = expected.isDated ? [] : datesBefore(expectation, expected.date, DATES_COUNTED);
  for (const date of earlier) {
    const row = await rows.read(statusKey(expectation.name, date), signal);
    for (const identity of row?.files ?? []) counted.add(identity);
  }
  const sight = await look(partner, expectation, expected, signal);
  return judge(expectation, expected, sight, counted, clock.nowMs());
}
