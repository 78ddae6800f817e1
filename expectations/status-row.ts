import { put, type Row, type Transition, unchanged } from '../ledger/decision.ts';
import type { BusinessDate } from './business-date.ts';
import type { Cause, Verdict } from './judge.ts';
import type { ExpectedDate } from './window.ts';

/** PENDING has no row: nothing was to be said yet. MISSED may still become LATE; MET and LATE are the end. */
export type ExpectationState = 'PENDING' | 'WARNED' | 'MET' | 'MISSED' | 'LATE';

/** `closing`: the file has come after somebody was warned or woken. */
export type NoticeKind = 'warning' | 'page' | 'closing';

/** Who sends a notice, or that it was sent. */
interface SentNotice {
  owner: string;
  /** The owner has died if it was not sent until then: another one sends it. */
  untilMs: number;
  sentAtMs?: number;
}

/** What came of one expectation on one date. */
export interface StatusRow extends Row {
  expectation: string;
  date: BusinessDate;
  status: ExpectationState;
  dueMs: number;
  /** Why it has not come, as it was last seen. */
  cause?: Cause;
  arrivedAtMs?: number;
  /** Identities of the deliveries that met it: they meet no later date. */
  files: string[];
  warning?: SentNotice;
  page?: SentNotice;
  closing?: SentNotice;
  expiresAtMs: number;
}

/** When an expectation was first evaluated: of a date that had begun before, nothing is said. */
export interface SinceRow extends Row {
  sinceMs: number;
}

/** Longer than a function may take to publish. */
const SENDING_MS = 2 * 60_000;
const KEPT_DAYS = 400;
const DAY_MS = 86_400_000;

export interface Recorded {
  row: StatusRow | undefined;
  /** For the caller, and for nobody else, to send. */
  send?: NoticeKind;
  /** By this very write it became MET or LATE. */
  hasEnded: boolean;
}

export function statusKey(expectation: string, date: BusinessDate): string {
  return `${expectation}#${date}`;
}

/** Nothing more will happen to the row. */
export function isOver(row: StatusRow | undefined): boolean {
  return row !== undefined && hasEnded(row.status) && dueNotice(row, true) === undefined;
}

/**
 * Writes down what was seen, and gives a notice that is due to one sender. However many evaluate at once: the store
 * writes one of them first, and the others decide from that row.
 */
export function recordVerdict(evaluated: {
  expectation: string;
  expected: ExpectedDate;
  verdict: Verdict;
  isTold: boolean;
  owner: string;
}): Transition<StatusRow, Recorded> {
  const { expectation, expected, verdict, isTold, owner } = evaluated;
  return (before, { nowMs, revision }) => {
    const seen = withVerdict(before, { expectation, expected, verdict }, nowMs);
    const send = isTold ? dueNotice(seen, false, nowMs) : undefined;
    const ended = hasEnded(seen.status) && !hasEnded(before?.status ?? 'PENDING');
    if (seen.status === 'PENDING') return unchanged({ row: before, hasEnded: false });
    if (send === undefined && before !== undefined && isSame(before, seen)) {
      return unchanged({ row: before, hasEnded: false });
    }
    const row: StatusRow = {
      ...seen,
      ...(send !== undefined && { [send]: { owner, untilMs: nowMs + SENDING_MS } }),
      revision,
    };
    return put(row, { row, hasEnded: ended, ...(send !== undefined && { send }) });
  };
}

/** The notice is out: nobody sends it again. */
export function recordSent(kind: NoticeKind, owner: string): Transition<StatusRow, void> {
  return (row, { nowMs, revision }) => {
    const notice = row?.[kind];
    if (row === undefined || notice?.owner !== owner) return unchanged(undefined);
    return put({ ...row, [kind]: { ...notice, sentAtMs: nowMs }, revision }, undefined);
  };
}

/** @returns since when the expectation is evaluated */
export function beginSince(
  row: SinceRow | undefined,
  { nowMs, revision }: { nowMs: number; revision: string },
) {
  if (row !== undefined) return unchanged(row.sinceMs);
  return put<SinceRow, number>({ sinceMs: nowMs, revision }, nowMs);
}

function withVerdict(
  before: StatusRow | undefined,
  { expectation, expected, verdict }: { expectation: string; expected: ExpectedDate; verdict: Verdict },
  nowMs: number,
): StatusRow {
  if (before !== undefined && hasEnded(before.status)) return before;
  const { cause: _, ...rest } = before ?? { cause: undefined };
  const row = {
    ...rest,
    revision: '',
    expectation,
    date: expected.date,
    dueMs: expected.dueMs,
    files: verdict.files.map(({ identity }) => identity),
    expiresAtMs: expected.dueMs + KEPT_DAYS * DAY_MS,
  };
  if (verdict.arrived) {
    return { ...row, status: arrivedStatus(verdict.atMs, expected), arrivedAtMs: verdict.atMs };
  }
  return { ...row, status: openStatus(before, expected, nowMs), cause: verdict.cause };
}

export function arrivedStatus(atMs: number, { dueMs }: ExpectedDate): ExpectationState {
  return atMs <= dueMs ? 'MET' : 'LATE';
}

/** What was said is not taken back, though the time may have been moved since. */
export function openStatus(
  before: StatusRow | undefined,
  { warnMs, dueMs }: ExpectedDate,
  nowMs: number,
): ExpectationState {
  if (nowMs > dueMs || before?.status === 'MISSED') return 'MISSED';
  return (warnMs !== undefined && nowMs >= warnMs) || before?.status === 'WARNED' ? 'WARNED' : 'PENDING';
}

/** @param isSending whether one that somebody is sending is still due, for who asks whether all is done */
function dueNotice(row: StatusRow, isSending: boolean, nowMs = 0): NoticeKind | undefined {
  const kind = wantedNotice(row);
  const notice = kind && row[kind];
  if (notice === undefined) return kind;
  if (notice.sentAtMs !== undefined) return undefined;
  return isSending || notice.untilMs <= nowMs ? kind : undefined;
}

function wantedNotice({ status, warning, page }: StatusRow): NoticeKind | undefined {
  if (status === 'MISSED') return 'page';
  if (status === 'WARNED') return 'warning';
  return hasEnded(status) && (warning !== undefined || page !== undefined) ? 'closing' : undefined;
}

const hasEnded = (status: ExpectationState): boolean => status === 'MET' || status === 'LATE';

/** Times of looks and of the end of a copy move with every evaluation; only what is seen is written. */
function isSame(one: StatusRow, other: StatusRow): boolean {
  const shown = ({ status, dueMs, cause, files }: StatusRow) =>
    JSON.stringify([
      status,
      dueMs,
      cause?.kind,
      cause && 'reason' in cause && cause.reason,
      cause && 'errorName' in cause && cause.errorName,
      files,
    ]);
  return shown(one) === shown(other);
}
