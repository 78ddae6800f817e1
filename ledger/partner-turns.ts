import { sessionPartition } from '../transfer/ledger-partition.ts';
import { type Decision, put, type Row, type Transition, unchanged } from './decision.ts';
import { DynamoDbRows, type DynamoDbRowsOptions } from './dynamodb/dynamodb-rows.ts';
import { MemoryRows } from './memory-rows.ts';
import type { RowStore } from './row-store.ts';

/** One row a partner: the last try, and whether it failed. */
interface PartnerTurnsRow extends Row {
  turn?: Turn;
}

interface Turn {
  by: string;
  /** Milliseconds since 1970-01-01 UTC. */
  atMs: number;
  /** Known once `by` has come back; before that it may be at work. */
  failed: boolean;
  /** Known as well: somebody has read from the partner in this turn, or it has been silent for long enough. */
  reached?: boolean;
  /** Turns of this outage before this one. Absent in rows of earlier releases. */
  number?: number;
  /** How long a try of this outage took until it was reported as failed, at most. */
  failMs?: number;
}

export interface TurnRequest {
  /** Names the work, over all executions of the partner. */
  by: string;
  /** When it lost the partner. Milliseconds since 1970-01-01 UTC. */
  lostAtMs: number;
  /** Whether it has tried since then, and could not reach the partner. */
  failed: boolean;
  /** Where it is not the next to try, it need not ask again sooner. */
  restMs: number;
  /** Its patience is over: it says how its try ended, and takes no further turn. */
  isLast: boolean;
}

export interface TurnAnswer {
  /** 0: it may try now. */
  waitMs: number;
  /** Whether the last one to try could not reach the partner; false while it may be at work. */
  hasFailed: boolean;
}

/**
 * Who of all that have lost a partner tries to reach it: one at a time, at first after seconds and then once in a minute,
 * however many wait. Whoever has tried in vain tries again; once somebody has reached the partner, the others follow when
 * they ask next.
 *
 * Throws LedgerUnavailableError when the store does not answer; the same call again is safe.
 */
export interface PartnerTurns {
  ask(request: TurnRequest, signal?: AbortSignal): Promise<TurnAnswer>;
}

/** Turns of one process, in which those who reach the partner can say so. */
export interface ToldTurns extends PartnerTurns {
  /** `by` reads from the partner. @returns whether it had the turn: those who wait need not wait any more */
  reached(by: string): Promise<boolean>;
}

const KEY = 'turns';

/**
 * From the n-th try of an outage to the next, as a part of a turn: of a minute, 1 s, 2 s, 5 s and so on. Most outages are
 * short; the sum keeps a server that is down for long at six tries in its first minute, and at one in each later one.
 */
const TURN_PARTS = [1 / 60, 2 / 60, 5 / 60, 10 / 60, 20 / 60, 40 / 60, 1];
/** How long after a turn it counts as a success when its taker has not come back: a refused one takes less. */
const SILENCE_IS_SUCCESS_TURNS = 1.5;
/** The same where it is known how long a failed one takes: half as long again, and this for a function that starts cold. */
const SILENCE_IS_SUCCESS_FAILS = 1.5;
const SILENCE_SLACK_TURNS = 1 / 6;
/** Nothing is known of the first try of an outage: it is asked after so soon, as most fail at once. */
const FIRST_LOOK_TURNS = 1 / 4;
/** A turn that is older says nothing of the partner now. */
const STALE_TURNS = 15;
/** Turns begin a little late: whoever waits to hear of one would ask too early, and have to wait again. */
const SLACK_OF_A_TURN = 1 / 12;

/** In the stack's table, beside the sessions of the partner. @param turnMs between two tries in a long outage */
export function dynamoDbTurns(
  {
    partner,
    ...table
  }: Pick<DynamoDbRowsOptions<PartnerTurnsRow>, 'client' | 'tableName' | 'nowMs'> & { partner: string },
  turnMs: number,
): PartnerTurns {
  const rows = new DynamoDbRows<PartnerTurnsRow>({ ...table, partition: sessionPartition(partner) });
  return { ask: (request, signal) => rows.apply(KEY, askForTurn(request, turnMs), signal) };
}

/** For transfers of one process, which share nothing with others. */
export function memoryTurns(nowMs: () => number, turnMs: number): ToldTurns {
  const rows: RowStore<PartnerTurnsRow> = new MemoryRows<PartnerTurnsRow>(nowMs);
  return {
    ask: (request, signal) => rows.apply(KEY, askForTurn(request, turnMs), signal),
    reached: (by) => rows.apply(KEY, turnReached(by)),
  };
}

function turnReached(by: string): Transition<PartnerTurnsRow, boolean> {
  return (row, { revision }) => {
    const turn = row?.turn;
    if (turn?.by !== by || turn.failed || turn.reached === true) return unchanged(false);
    return put({ revision, turn: { ...turn, reached: true } }, true);
  };
}

/** The rule of one request. Pure. */
function askForTurn(request: TurnRequest, turnMs: number): Transition<PartnerTurnsRow, TurnAnswer> {
  const { by, isLast, lostAtMs, restMs } = request;
  return (row, { nowMs, revision }) => {
    const goOn = (turn: Turn): Decision<PartnerTurnsRow, TurnAnswer> =>
      put({ revision, turn }, { waitMs: 0, hasFailed: false });
    const take = (number: number, failMs?: number) =>
      goOn({ by, atMs: nowMs, failed: false, number, ...(failMs !== undefined && { failMs }) });

    const turn = row?.turn && asReported(row.turn, request, nowMs, turnMs);
    if (isLast)
      return put({ revision, ...(turn && { turn }) }, { waitMs: turnMs, hasFailed: turn?.failed ?? true });
    if (turn === undefined || nowMs - turn.atMs >= STALE_TURNS * turnMs) return take(0);
    const { atMs, failed, failMs, number = 0 } = turn;
    const ageMs = nowMs - atMs;
    const isReached = hasReached(turn, nowMs, turnMs);
    if (isReached && lostAtMs < atMs) return goOn({ ...turn, reached: true });
    // A partner that is lost again and again is tried as one that is down.
    const hasHeld = isReached && lostAtMs - atMs >= turnMs;
    const isKnown = failed || isReached;
    const pauseMs = isKnown ? turnMs * (TURN_PARTS[number] ?? 1) : turnMs;
    if (ageMs >= pauseMs && (isKnown || lostAtMs >= atMs))
      return hasHeld ? take(0) : take(number + 1, failMs);

    const untilPauseIsOverMs = pauseMs - ageMs;
    const isNext = failed && turn.by === by;
    const untilKnownMs = failed
      ? untilPauseIsOverMs + silenceMs(turn, turnMs) + SLACK_OF_A_TURN * turnMs
      : isReached
        ? untilPauseIsOverMs
        : Math.min(
            silenceMs(turn, turnMs) - ageMs,
            failMs === undefined ? FIRST_LOOK_TURNS * turnMs : Number.POSITIVE_INFINITY,
          );
    const waitMs = isNext ? untilPauseIsOverMs : Math.max(untilKnownMs, restMs);
    return put({ revision, turn }, { waitMs, hasFailed: failed });
  };
}

/** The turn as the request shows it: whoever tried in vain says so. */
function asReported(turn: Turn, { by, failed, lostAtMs }: TurnRequest, nowMs: number, turnMs: number): Turn {
  if (!failed) return turn;
  const { reached: _, ...rest } = turn;
  if (turn.by === by) {
    if (turn.failed) return turn;
    return { ...rest, failed: true, failMs: Math.max(turn.failMs ?? 0, nowMs - turn.atMs) };
  }
  // It followed, and was not let in: from now on it takes turns as any other, or it would try without a pause.
  if (hasReached(turn, nowMs, turnMs) && lostAtMs < turn.atMs)
    return { ...rest, by, atMs: nowMs, failed: true, number: (turn.number ?? 0) + 1 };
  return turn;
}

function hasReached(turn: Turn, nowMs: number, turnMs: number): boolean {
  return !turn.failed && (turn.reached === true || nowMs - turn.atMs >= silenceMs(turn, turnMs));
}

/** A try that has not been reported as failed for so long has reached the partner. */
function silenceMs({ failMs }: Turn, turnMs: number): number {
  const longestMs = SILENCE_IS_SUCCESS_TURNS * turnMs;
  if (failMs === undefined) return longestMs;
  return Math.min(longestMs, SILENCE_IS_SUCCESS_FAILS * failMs + SILENCE_SLACK_TURNS * turnMs);
}
