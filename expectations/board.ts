import type { BusinessDate } from './business-date.ts';
import { dateAt, isExpectedOn } from './business-date.ts';
import { type EvaluationPorts, verdictOf } from './evaluate.ts';
import type { Cause } from './judge.ts';
import type { Expectation, ExpectingPartner } from './settings.ts';
import { arrivedStatus, type ExpectationState, openStatus, type StatusRow, statusKey } from './status-row.ts';
import { expectedDate } from './window.ts';

/** One line of a partner's board. */
export interface BoardLine {
  expectation: Expectation;
  date: BusinessDate;
  /** `NOT-EXPECTED`: nothing is, on that date. */
  state: ExpectationState | 'NOT-EXPECTED';
  dueMs?: number;
  arrivedAtMs?: number;
  /** Of the files wanted, how many have landed. */
  landed: number;
  cause?: Cause;
  /** When the page was sent. */
  pagedAtMs?: number;
}

/** How the partner's expectations are doing on a date, looked at now. @param date today by each expectation's own clock */
export async function boardOf(
  partner: ExpectingPartner,
  date: BusinessDate | undefined,
  ports: Pick<EvaluationPorts, 'look' | 'clock'> & {
    statusRows(partner: string): { read(key: string, signal?: AbortSignal): Promise<StatusRow | undefined> };
  },
  signal: AbortSignal,
): Promise<BoardLine[]> {
  const lines: BoardLine[] = [];
  for (const expectation of partner.expectations) {
    const nowMs = ports.clock.nowMs();
    const day = date ?? dateAt(nowMs, expectation.timeZone);
    if (!isExpectedOn(expectation, day)) {
      lines.push({ expectation, date: day, state: 'NOT-EXPECTED', landed: 0 });
      continue;
    }
    lines.push(await lineOf(partner, expectation, day, ports, signal));
  }
  return lines;
}

async function lineOf(
  partner: ExpectingPartner,
  expectation: Expectation,
  date: BusinessDate,
  ports: Parameters<typeof boardOf>[2],
  signal: AbortSignal,
): Promise<BoardLine> {
  const expected = expectedDate(expectation, date);
  const row = await ports.statusRows(partner.partner).read(statusKey(expectation.name, date), signal);
  const line = {
    expectation,
    date,
    dueMs: expected.dueMs,
    ...(row?.page?.sentAtMs !== undefined && { pagedAtMs: row.page.sentAtMs }),
  };
  if (row?.arrivedAtMs !== undefined) {
    return { ...line, state: row.status, arrivedAtMs: row.arrivedAtMs, landed: row.files.length };
  }
  const verdict = await verdictOf(partner, expectation, expected, ports, signal);
  const landed = verdict.files.length;
  if (verdict.arrived) {
    const state = arrivedStatus(verdict.atMs, expected);
    return { ...line, state, arrivedAtMs: verdict.atMs, landed };
  }
  const state = openStatus(undefined, expected, ports.clock.nowMs());
  return { ...line, state, landed, cause: verdict.cause };
}
