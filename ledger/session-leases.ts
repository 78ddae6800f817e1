import { put, type Row, type Transition, unchanged } from './decision.ts';
import type { EndedExecution, SessionAnswer, SessionRequest } from './ports.ts';

/**
 * Who may open how many sessions at one partner: a semaphore that many executions share, in one row.
 *
 * An execution is granted its sessions before it opens the first and keeps them until it has closed the last, so the
 * sum of all grants bounds the sessions at the partner, over all functions, executions and folder runs. Grants are made
 * in the order of the first request. Whatever is free is granted at once: an execution that wanted more runs with fewer.
 */
export interface SessionLeases extends Row {
  holders: SessionHolder[];
  /** In the order in which they are served. */
  waiting: WaitingExecution[];
}

export interface SessionHolder {
  /** ARN of the execution. */
  execution: string;
  sessions: number;
  sinceMs: number;
  /**
   * When its sessions are surely closed, where it has ended with functions still at work. Until then they count.
   */
  freeAtMs?: number;
}

export interface WaitingExecution {
  execution: string;
  sinceMs: number;
  /** When it should ask again. */
  asksAgainAtMs: number;
}

const MIN_WAIT_SECONDS = 10;
/**
 * Each request costs nine events (Task five, Choice two, Wait two) of the 25,000 that an execution may have. Longer waits
 * the longer it has waited: seven days are below 800 requests, so below 7,000 events.
 */
const MAX_WAIT_SECONDS = 900;
/** A place that becomes free is seen after at most this part of the time waited. */
const WAIT_SHARE = 1 / 20;

/** How late a waiting execution may ask before Step Functions is asked whether it still runs. */
const OVERDUE_MS = 60_000;
/** How late it may be before it loses its place, whatever is known about it: longer than its own state retries. */
const GIVEN_UP_MS = 2 * 3_600_000;
/** A holder is not asked about before: an execution that has just begun surely runs. */
const YOUNG_MS = 60_000;
/** Bounds the calls of one request; the next request asks about the others. */
const MAX_IN_QUESTION = 10;

export function requestSessions(request: SessionRequest): Transition<SessionLeases, SessionAnswer> {
  return (row, { nowMs, revision }) => {
    const { execution, maxSessions } = request;
    const holders = stillHolding(row?.holders ?? [], request.ended ?? [], nowMs);
    const waiting = stillWaiting(row?.waiting ?? [], request, nowMs);
    const own = holders.find((holder) => holder.execution === execution && holder.freeAtMs === undefined);
    // The answer to an earlier request was lost: the same again.
    if (own !== undefined && row !== undefined) return unchanged({ granted: own.sessions });

    const found = waiting.findIndex((one) => one.execution === execution);
    const place = found === -1 ? waiting.length : found;
    const free = maxSessions - holders.reduce((sum, holder) => sum + holder.sessions, 0);
    if (place === 0 && free > 0) {
      const granted = Math.min(Math.max(1, request.wanted), free);
      const holder = { execution, sessions: granted, sinceMs: nowMs };
      return put(
        {
          revision,
          holders: [...holders, holder],
          waiting: waiting.filter((one) => one.execution !== execution),
        },
        { granted },
      );
    }

    const sinceMs = waiting[found]?.sinceMs ?? nowMs;
    const waitSeconds = secondsToWait(nowMs - sinceMs);
    const waiter = { execution, sinceMs, asksAgainAtMs: nowMs + waitSeconds * 1000 };
    const before = waiting.slice(0, place);
    const executionsAhead = [...holders, ...before].map((one) => one.execution);
    const answer: SessionAnswer = {
      granted: 0,
      ahead: executionsAhead.length,
      executionsAhead,
      waitSeconds,
      waitingSinceMs: sinceMs,
      inQuestion: inQuestion(holders, before, nowMs),
    };
    if (request.waits === false) return unchanged(answer);
    return put({ revision, holders, waiting: [...before, waiter, ...waiting.slice(place + 1)] }, answer);
  };
}

/**
 * Gives the sessions back, or the place in the queue. Repeated, or never granted: nothing happens.
 * @param freeAtMs when the last session is surely closed, if functions may still be at work; @default at once
 */
export function releaseSessions(
  execution: string,
  freeAtMs?: number,
): Transition<SessionLeases, { released: number }> {
  return (row, { nowMs, revision }) => {
    if (row === undefined) return unchanged({ released: 0 });
    const own = row.holders.find((holder) => holder.execution === execution);
    const isWaiting = row.waiting.some((one) => one.execution === execution);
    const isReleased = own?.freeAtMs !== undefined && freeAtMs !== undefined;
    if ((own === undefined || isReleased) && !isWaiting) return unchanged({ released: 0 });
    const released = { execution, freeAtMs: freeAtMs ?? nowMs };
    return put(
      {
        revision,
        holders: stillHolding(row.holders, [released], nowMs),
        waiting: row.waiting.filter((one) => one.execution !== execution),
      },
      { released: own?.sessions ?? 0 },
    );
  };
}

/** Seconds until the next request, from the time waited so far. */
export function secondsToWait(waitedMs: number): number {
  const seconds = Math.ceil((waitedMs / 1000) * WAIT_SHARE);
  return Math.min(Math.max(seconds, MIN_WAIT_SECONDS), MAX_WAIT_SECONDS);
}

function stillHolding(
  holders: readonly SessionHolder[],
  ended: readonly EndedExecution[],
  nowMs: number,
): SessionHolder[] {
  return holders
    .map((holder) => {
      const end = ended.find(({ execution }) => execution === holder.execution);
      return end === undefined
        ? holder
        : { ...holder, freeAtMs: Math.min(end.freeAtMs, holder.freeAtMs ?? Infinity) };
    })
    .filter(({ freeAtMs }) => freeAtMs === undefined || freeAtMs > nowMs);
}

function stillWaiting(
  waiting: readonly WaitingExecution[],
  { execution, ended = [] }: SessionRequest,
  nowMs: number,
): WaitingExecution[] {
  return waiting.filter(
    (one) =>
      one.execution === execution ||
      (nowMs < one.asksAgainAtMs + GIVEN_UP_MS && !ended.some((end) => end.execution === one.execution)),
  );
}

function inQuestion(
  holders: readonly SessionHolder[],
  ahead: readonly WaitingExecution[],
  nowMs: number,
): string[] {
  const old = holders.filter(
    ({ sinceMs, freeAtMs }) => freeAtMs === undefined && nowMs - sinceMs >= YOUNG_MS,
  );
  const overdue = ahead.filter(({ asksAgainAtMs }) => nowMs - asksAgainAtMs >= OVERDUE_MS);
  return [...overdue, ...old].map(({ execution }) => execution).slice(0, MAX_IN_QUESTION);
}
