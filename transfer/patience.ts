/** How long work that has lost the partner waits for it before the transfer fails. */

export const DEFAULT_PATIENCE_MINUTES = 60;
/** On this machine: a person waits for it. */
export const DEFAULT_LOCAL_PATIENCE_MINUTES = 10;
export const MAX_PATIENCE_MINUTES = 240;
/** Between two tries at a partner that is down for long, over all segments of all its transfers. */
const PARTNER_TURN_MS = 60_000;

export interface Patience {
  /** How long work that has lost the partner waits for it. */
  patienceMs: number;
  /** Between two tries of anybody at the partner, once it has been down for as long. */
  turnMs: number;
}

export function patienceOf(minutes: number): Patience {
  return { patienceMs: minutes * 60_000, turnMs: PARTNER_TURN_MS };
}

/** Of an execution's history, what waiting for the partner may take, in all. */
const WAITING_EVENTS = 5_000;
/** One try that fails in each minute: twelve, and nine for the wait before it. */
const TRY_EVENTS_A_MINUTE = 21;
/** One question of a segment that is told to wait. */
const POLL_EVENTS = 9;
/** Tries of the first minute beside the last, and questions of each segment. */
const TRIES_OF_FIRST_MINUTE = 5;
const POLLS_OF_FIRST_MINUTE = 2;
/** As wide as this, and each doubling of the wait is one question of each; half as wide, and it is two. */
const RARELY_ASKING_WIDTH = 40;
/** Nobody waits longer: so long after the partner's return all have asked. */
const MAX_REST_TURNS = 10;

/**
 * How long work need not ask while another tries. The longer it has waited, over all outages, the longer; and the wider
 * its transfer, so that the questions of all its segments fit into the history.
 */
export function restMs(width: number, waitedMs: number, turnMs: number): number {
  const share = width / RARELY_ASKING_WIDTH;
  return Math.min(share * Math.max(turnMs, waitedMs), MAX_REST_TURNS * turnMs);
}

/** What the history has room for: minutes of waiting of one execution, over all its outages. */
export function longestWaitMinutes(width: number): number {
  let events = TRIES_OF_FIRST_MINUTE * TRY_EVENTS_A_MINUTE + POLLS_OF_FIRST_MINUTE * POLL_EVENTS * width;
  let minutes = 0;
  let askedAtMinute = 0;
  while (events < WAITING_EVENTS) {
    minutes += 1;
    events += TRY_EVENTS_A_MINUTE;
    if (minutes - askedAtMinute < Math.max(1, restMs(width, minutes, 1))) continue;
    askedAtMinute = minutes;
    events += POLL_EVENTS * (width - 1);
  }
  return minutes;
}
