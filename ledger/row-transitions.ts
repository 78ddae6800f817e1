import { checkPath } from './check-request.ts';
import { isLive } from './claim-transitions.ts';
import { type Decision, type Moment, put, unchanged, without } from './decision.ts';
import { type EntryTransition, isEmpty, type LedgerEntry } from './entry.ts';
import type { AfterProofMark, AfterProofResult, ForgetResult } from './ports.ts';

/** What changes a row without a claim: the source's end, listings, and operators. */

export function markAfterProof({
  generation,
  after,
  done,
}: AfterProofMark): EntryTransition<AfterProofResult> {
  return (row, { nowMs, revision }) => {
    if (row?.landed === undefined) return unchanged({ done: false, reason: 'not-landed', entry: row });
    const { landed } = row;
    if (landed.generation !== generation) return unchanged({ done: false, reason: 'superseded', entry: row });
    const { doneAtMs } = landed.after;
    if (doneAtMs !== undefined) return unchanged({ done: true, entry: row });
    const entry = {
      ...row,
      revision,
      landed: { ...landed, after: { ...after, ...(done && { doneAtMs: nowMs }) } },
    };
    return put(entry, { done: true, entry });
  };
}

export function markGone(keepMs: number): EntryTransition<LedgerEntry | undefined> {
  return (row, moment) => {
    // Kept from the first time on: a path that stays away is marked again by every listing.
    if (row === undefined || row.goneAtMs !== undefined) return unchanged(row);
    return changed(row, { goneAtMs: moment.nowMs, expiresAtMs: wholeSeconds(moment.nowMs + keepMs) }, moment);
  };
}

export const markSeen: EntryTransition<LedgerEntry | undefined> = (row, moment) => {
  if (row?.goneAtMs === undefined) return unchanged(row);
  return changed(without(row, 'goneAtMs', 'expiresAtMs'), {}, moment);
};

/** @throws InvalidTransferRequestError */
export function hold(path: string, reason: string): EntryTransition<LedgerEntry> {
  checkPath(path);
  return (row, moment) => {
    const { nowMs, revision } = moment;
    const entry = row ?? { path, revision, firstSeenMs: nowMs, lastGeneration: 0 };
    // A held row does not expire: the operator's word would be gone with it.
    return changed(without(entry, 'expiresAtMs'), { hold: { sinceMs: nowMs, reason } }, moment);
  };
}

export const release: EntryTransition<LedgerEntry | undefined> = (row, moment) => {
  if (row?.hold === undefined) return unchanged(row);
  const entry = without(row, 'hold');
  return isEmpty(entry) ? { write: 'delete', result: undefined } : changed(entry, {}, moment);
};

export const forget: EntryTransition<ForgetResult> = (row, { nowMs }) => {
  if (row === undefined) return unchanged({ done: true, entry: undefined });
  if (row.hold !== undefined) return unchanged({ done: false, reason: 'held', entry: row });
  if (isLive(row.attempt?.claim, nowMs)) return unchanged({ done: false, reason: 'claimed', entry: row });
  return { write: 'delete', result: { done: true, entry: row } };
};

function changed(
  row: LedgerEntry,
  change: Partial<LedgerEntry>,
  { revision }: Moment,
): Decision<LedgerEntry, LedgerEntry> {
  const entry = { ...row, ...change, revision };
  return put(entry, entry);
}

/** DynamoDB's time to live is in seconds. */
function wholeSeconds(ms: number): number {
  return Math.ceil(ms / 1000) * 1000;
}
