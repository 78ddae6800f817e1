/** How long work that has lost the partner waits for it before the transfer fails. */

export const DEFAULT_PATIENCE_MINUTES = 60;
/** On this machine: a person waits for it. */
export const DEFAULT_LOCAL_PATIENCE_MINUTES = 10;
export const MAX_PATIENCE_MINUTES = 240;
/** Between two tries at a partner, over all segments of all its transfers. */
const PARTNER_TURN_MS = 60_000;

export interface Patience {
  /** How long work that has lost the partner waits for it. */
  patienceMs: number;
  /** Between two tries of anybody at the partner. */
  turnMs: number;
}

export function patienceOf(minutes: number): Patience {
  return { patienceMs: minutes * 60_000, turnMs: PARTNER_TURN_MS };
}

/** Of an execution's history, what waiting for the partner may take, in all. */
const WAITING_EVENTS = 5_000;
/** One try that fails in each minute, and the poll that allowed it: twelve, and three for polls that come too early. */
const TRY_EVENTS_A_MINUTE = 15;
/** One poll in each minute that is told to wait, and one more for each seven segments: none waits for long. */
const POLL_EVENTS = 9;
const SEGMENTS_A_POLL = 7;

/** What the history has room for: minutes of waiting of one execution, over all its outages. */
export function longestWaitMinutes(width: number): number {
  const polls = Math.max(1, width / SEGMENTS_A_POLL);
  return Math.floor(WAITING_EVENTS / (TRY_EVENTS_A_MINUTE + POLL_EVENTS * polls));
}
