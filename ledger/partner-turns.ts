import { sessionPartition } from '../transfer/ledger-partition.ts';
import { type Decision, put, type Row, type Transition } from './decision.ts';
import { DynamoDbRows, type DynamoDbRowsOptions } from './dynamodb/dynamodb-rows.ts';
import { MemoryRows } from './memory-rows.ts';
import type { RowStore } from './row-store.ts';

/** Somebody who has lost the partner, and waits until it may try again. */
interface TurnWaiter {
  by: string;
  asksAgainAtMs: number;
}

/** One row a partner: who tried last, and who waits. */
interface PartnerTurnsRow extends Row {
  turn?: {
    by: string;
    /** Milliseconds since 1970-01-01 UTC. */
    atMs: number;
    /** Known once `by` has come back; before that it may be at work. */
    failed: boolean;
  };
  /** In the order in which they came. */
  waiting: TurnWaiter[];
}

export interface TurnRequest {
  /** Names the work, over all executions of the partner. */
  by: string;
  /** When it lost the partner. Milliseconds since 1970-01-01 UTC. */
  lostAtMs: number;
  /** Whether it has had a turn since then, and could not reach the partner. */
  failed: boolean;
}

export interface TurnAnswer {
  /** 0: it may try now. */
  waitMs: number;
  /** Whether the last one to try could not reach the partner; false while it may be at work. */
  hasFailed: boolean;
}

/**
 * Who of all that have lost a partner tries to reach it: one in a minute, however many wait. Once somebody has reached
 * it, the others follow when they ask next.
 *
 * Throws LedgerUnavailableError when the store does not answer; the same call again is safe.
 */
export interface PartnerTurns {
  ask(request: TurnRequest, signal?: AbortSignal): Promise<TurnAnswer>;
}

const KEY = 'turns';

/** How long after a turn it counts as a success when its taker has not come back: a refused one takes less. */
const SILENCE_IS_SUCCESS_TURNS = 1.5;
/** A turn that is older says nothing of the partner now. */
const STALE_TURNS = 15;
/** Turns begin a little late, each of them: whoever waits for several would ask too early, and have to wait again. */
const SLACK_OF_A_TURN = 1 / 12;
/** Nobody waits longer: so long after the partner's return all have asked. */
const MAX_WAIT_TURNS = 10;

/** Turns in one row of any store. */
function storedTurns(rows: RowStore<PartnerTurnsRow>, turnMs: number): PartnerTurns {
  return { ask: (request, signal) => rows.apply(KEY, askForTurn(request, turnMs), signal) };
}

/** In the stack's table, beside the sessions of the partner. @param turnMs between two tries */
export function dynamoDbTurns(
  {
    partner,
    ...table
  }: Pick<DynamoDbRowsOptions<PartnerTurnsRow>, 'client' | 'tableName' | 'nowMs'> & { partner: string },
  turnMs: number,
): PartnerTurns {
  const partition = sessionPartition(partner);
  return storedTurns(new DynamoDbRows<PartnerTurnsRow>({ ...table, partition }), turnMs);
}

/** For transfers of one process, which share nothing with others. */
export function memoryTurns(nowMs: () => number, turnMs: number): PartnerTurns {
  return storedTurns(new MemoryRows<PartnerTurnsRow>(nowMs), turnMs);
}

/** The rule of one request. Pure. */
function askForTurn(
  { by, failed, lostAtMs }: TurnRequest,
  turnMs: number,
): Transition<PartnerTurnsRow, TurnAnswer> {
  return (row, { nowMs, revision }) => {
    const last = row?.turn;
    const turn = last !== undefined && failed && last.by === by ? { ...last, failed: true } : last;
    const waiting = (row?.waiting ?? []).filter(
      (one) => one.by === by || one.asksAgainAtMs + 2 * turnMs > nowMs,
    );
    const others = waiting.filter((one) => one.by !== by);
    const goOn = (next: PartnerTurnsRow['turn']): Decision<PartnerTurnsRow, TurnAnswer> =>
      put({ revision, waiting: others, ...(next && { turn: next }) }, { waitMs: 0, hasFailed: false });

    const ageMs = turn === undefined ? Number.POSITIVE_INFINITY : nowMs - turn.atMs;
    const isStale = ageMs >= STALE_TURNS * turnMs;
    if (turn === undefined || isStale) return goOn({ by, atMs: nowMs, failed: false });
    const wasAnswered = !turn.failed && ageMs >= SILENCE_IS_SUCCESS_TURNS * turnMs;
    if (wasAnswered && lostAtMs < turn.atMs) return goOn(turn);
    const isLostSince = lostAtMs >= turn.atMs;
    if (ageMs >= turnMs && (turn.failed || isLostSince)) return goOn({ by, atMs: nowMs, failed: false });

    const place = waiting.findIndex((one) => one.by === by);
    const before = place === -1 ? others : others.slice(0, place);
    const lostTurns = Math.ceil((nowMs - lostAtMs) / turnMs);
    const turns = Math.max(1, Math.min(before.length + 1, lostTurns, MAX_WAIT_TURNS));
    const nextTurnMs = ageMs < turnMs ? turnMs - ageMs : SILENCE_IS_SUCCESS_TURNS * turnMs - ageMs;
    const waitMs = nextTurnMs + (turns - 1) * turnMs * (1 + SLACK_OF_A_TURN);
    const waiter = { by, asksAgainAtMs: nowMs + waitMs };
    return put(
      { revision, turn, waiting: [...before, waiter, ...others.slice(before.length)] },
      { waitMs, hasFailed: turn.failed },
    );
  };
}
