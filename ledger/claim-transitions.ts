import { checkLease, checkPath, MAX_LEASE_MS } from './check-request.ts';
import { type Moment, put, unchanged, without } from './decision.ts';
import {
  type Attempt,
  type Claim,
  type EntryTransition,
  type FileIdentity,
  isEmpty,
  isSameFile,
  type LedgerEntry,
  type LedgerError,
  type OpenUpload,
} from './entry.ts';
import type {
  ClaimReference,
  ClaimRefusal,
  ClaimRequest,
  ClaimResult,
  CommitRequest,
  OwnerWrite,
  RollBackResult,
} from './ports.ts';

/** The life of a claim: taken, lengthened, and ended by its owner in one of four ways. */

/** Whether nobody but its owner may take the path. */
export function isLive(claim: Claim | undefined, nowMs: number): boolean {
  return claim !== undefined && claim.untilMs > nowMs && claim.untilMs <= nowMs + MAX_LEASE_MS;
}

/** @throws InvalidTransferRequestError */
export function claim(request: ClaimRequest): EntryTransition<ClaimResult> {
  checkPath(request.path);
  checkLease(request.leaseMs);
  return (row, moment) => {
    const reason = row && refusalOf(row, request, moment.nowMs);
    if (row !== undefined && reason !== undefined) return unchanged({ claimed: false, reason, entry: row });

    const unended = row?.attempt?.claim?.owner;
    const attempt = claimedAttempt(row, request, moment.nowMs);
    const entry: LedgerEntry = {
      ...(row !== undefined && without(row, 'goneAtMs', 'expiresAtMs')),
      path: request.path,
      revision: moment.revision,
      firstSeenMs: row?.firstSeenMs ?? moment.nowMs,
      lastGeneration: attempt.generation,
      attempt,
    };
    return put(entry, { claimed: true, entry, ...(unended !== undefined && { takenOverFrom: unended }) });
  };
}

function refusalOf(row: LedgerEntry, request: ClaimRequest, nowMs: number): ClaimRefusal | undefined {
  const { attempt, landed } = row;
  if (row.hold !== undefined) return 'held';
  if (attempt?.claim !== undefined && isLive(attempt.claim, nowMs)) {
    const isOwn = attempt.claim.owner === request.owner && isSameFile(attempt, request);
    return isOwn ? undefined : 'owned-by-other';
  }
  if (request.force === true) return undefined;
  if (landed !== undefined && isSameFile(landed, request)) {
    const isNewDelivery = request.redelivery === 'on-reappearance' && row.goneAtMs !== undefined;
    // An unfinished try of this identity is a replay, or a new delivery, that an earlier run has begun.
    const isBegun = attempt !== undefined && isSameFile(attempt, request);
    if (!isNewDelivery && !isBegun) return 'landed';
  }
  const failures = attempt !== undefined && isSameFile(attempt, request) ? attempt.failures : 0;
  return failures >= request.maxFailures ? 'failed-too-often' : undefined;
}

/** A try of the same file goes on under its number; any other file is the next generation. */
function claimedAttempt(row: LedgerEntry | undefined, request: ClaimRequest, nowMs: number): Attempt {
  const { sizeBytes, modifiedAtSeconds, owner, leaseMs } = request;
  const claimed = { state: 'CLAIMED', claim: { owner, untilMs: nowMs + leaseMs } } as const;
  const before = row?.attempt;
  if (before !== undefined && isSameFile(before, request)) return { ...before, ...claimed };
  return {
    sizeBytes,
    modifiedAtSeconds,
    generation: (row?.lastGeneration ?? 0) + 1,
    failures: 0,
    ...claimed,
  };
}

/** @throws InvalidTransferRequestError */
export function renew(request: ClaimReference & { leaseMs: number }): EntryTransition<OwnerWrite> {
  checkLease(request.leaseMs);
  return ownerWrite(request, (row, attempt, { nowMs }) => ({
    ...row,
    attempt: { ...attempt, claim: { owner: request.owner, untilMs: nowMs + request.leaseMs } },
  }));
}

export function noteUpload(request: ClaimReference & { upload: OpenUpload }): EntryTransition<OwnerWrite> {
  return ownerWrite(request, (row, attempt) => ({ ...row, attempt: { ...attempt, upload: request.upload } }));
}

export function fail(
  request: ClaimReference & { error: LedgerError; isUncounted?: boolean },
): EntryTransition<OwnerWrite> {
  return ownerWrite(request, (row, attempt) => ({
    ...row,
    attempt: {
      ...without(attempt, 'claim', 'upload'),
      ...failedTry(attempt, request.error, request.isUncounted),
      state: 'FAILED',
    },
  }));
}

export function suspend(request: ClaimReference & { error: LedgerError }): EntryTransition<OwnerWrite> {
  return ownerWrite(request, (row, attempt) => ({
    ...row,
    attempt: {
      ...without(attempt, 'claim'),
      ...failedTry(attempt, request.error),
      // Without an upload there is nothing to go on with.
      state: attempt.upload === undefined ? 'FAILED' : 'SUSPENDED',
    },
  }));
}

export function commit(request: CommitRequest): EntryTransition<OwnerWrite> {
  const { owner, generation, object, afterProof, trigger, digest } = request;
  const write = ownerWrite(request, (row, attempt, { nowMs }) => ({
    ...without(row, 'attempt'),
    landed: {
      ...identityOf(attempt),
      generation,
      owner,
      landedAtMs: nowMs,
      object,
      after: { action: afterProof, ...(afterProof === 'none' && { doneAtMs: nowMs }) },
      ...(trigger !== undefined && { trigger }),
      ...(digest !== undefined && { digest }),
    },
  }));
  return (row, moment) => {
    const isRepeated = row?.landed?.owner === owner && row.landed.generation === generation;
    if (row !== undefined && isRepeated) return unchanged({ done: true, entry: row });
    if (row?.attempt?.generation !== generation) return unchanged(claimLost(row));
    return write(row, moment);
  };
}

export function rollBack(request: ClaimReference): EntryTransition<RollBackResult> {
  return (row, moment) => {
    const attempt = ownAttempt(row, request);
    if (row === undefined || attempt === undefined) return unchanged(claimLost(row));
    const entry = { ...undone(row, attempt), revision: moment.revision };
    if (isEmpty(entry)) return { write: 'delete', result: { done: true, entry: undefined } };
    return put(entry, { done: true, entry });
  };
}

/** Failures of earlier tries, and an upload to go on with, were there before this claim. */
function undone(row: LedgerEntry, attempt: Attempt): LedgerEntry {
  if (attempt.failures === 0 && attempt.upload === undefined) return without(row, 'attempt');
  const state = attempt.upload === undefined ? 'FAILED' : 'SUSPENDED';
  return { ...row, attempt: { ...without(attempt, 'claim'), state } };
}

/** A write that only the owner of the claim may make, whether or not its lease has expired: nobody has taken it. */
function ownerWrite(
  request: ClaimReference,
  change: (row: LedgerEntry, attempt: Attempt, moment: Moment) => LedgerEntry,
): EntryTransition<OwnerWrite> {
  return (row, moment) => {
    const attempt = ownAttempt(row, request);
    if (row === undefined || attempt === undefined) return unchanged(claimLost(row));
    const entry = { ...change(row, attempt, moment), revision: moment.revision };
    return put(entry, { done: true, entry });
  };
}

function ownAttempt(row: LedgerEntry | undefined, { owner }: ClaimReference): Attempt | undefined {
  return row?.attempt?.claim?.owner === owner ? row.attempt : undefined;
}

/** Of a message, what is kept: a row stays small (DynamoDB charges by the kilobyte), and a log has the rest. */
const MAX_MESSAGE_CHARACTERS = 300;

function failedTry(
  attempt: Attempt,
  { name, message }: LedgerError,
  isUncounted = false,
): Pick<Attempt, 'failures' | 'error'> {
  return {
    failures: attempt.failures + (isUncounted ? 0 : 1),
    error: { name, message: message.slice(0, MAX_MESSAGE_CHARACTERS) },
  };
}

function identityOf({ sizeBytes, modifiedAtSeconds }: FileIdentity): FileIdentity {
  return { sizeBytes, modifiedAtSeconds };
}

function claimLost(row: LedgerEntry | undefined) {
  return { done: false, reason: 'claim-lost', entry: row } as const;
}
