import type {
  AfterProof,
  AfterProofAction,
  EntryState,
  FileIdentity,
  LandedObject,
  LedgerEntry,
  LedgerError,
  OpenUpload,
} from './entry.ts';

/** Asks to copy one file. */
export interface ClaimRequest extends FileIdentity {
  path: string;
  /** One worker of one run, never used again: a run's id with the time or randomness in it, and the worker's number. */
  owner: string;
  /** The claim is free for others after so long without `renew`; at most MAX_LEASE_MS. */
  leaseMs: number;
  /** A generation that failed so often is refused. */
  maxFailures: number;
  /** Copies a file that has landed, or that failed too often, all the same: a replay. @default false */
  force?: boolean;
  /**
   * Whether a file of an identity that has landed is a new delivery after its path was gone.
   * @default 'by-identity': it is not
   */
  redelivery?: 'by-identity' | 'on-reappearance';
}

/** Why a claim was refused. */
export type ClaimRefusal = 'landed' | 'owned-by-other' | 'held' | 'failed-too-often';

export type ClaimResult =
  | {
      claimed: true;
      /** `entry.attempt` is the claim; `entry.attempt.upload` an unfinished upload to go on with. */
      entry: LedgerEntry;
      /**
       * The owner, perhaps the same, of a claim that was never ended. The object may have landed with nobody left to
       * commit it: look before copying.
       */
      takenOverFrom?: string;
    }
  | { claimed: false; reason: ClaimRefusal; entry: LedgerEntry };

/** What a claim's owner names it by. */
export interface ClaimReference {
  path: string;
  owner: string;
}

export interface CommitRequest extends ClaimReference {
  /** That of the claim, so that a late commit never passes for a newer one. */
  generation: number;
  object: LandedObject;
  /** `none` is done at once: the entry becomes DONE. */
  afterProof: AfterProofAction;
  trigger?: FileIdentity;
  digest?: string;
}

/** Of a write that only the owner of a claim may make. */
export type OwnerWrite =
  | { done: true; entry: LedgerEntry }
  /** Somebody else took over after the lease, or there is no such claim: nothing was changed. */
  | { done: false; reason: 'claim-lost'; entry: LedgerEntry | undefined };

/** Of a roll back: `entry` is what is left of the row, undefined if the claim was all there was. */
export type RollBackResult =
  | { done: true; entry: LedgerEntry | undefined }
  | { done: false; reason: 'claim-lost'; entry: LedgerEntry | undefined };

/** What came of moving or removing the source file of a generation that landed. */
export interface AfterProofMark {
  path: string;
  generation: number;
  after: Omit<AfterProof, 'doneAtMs'>;
  /** Without it the entry stays LANDED, and a later run tries again. */
  done: boolean;
}

/** Of a mark on what landed. `not-landed`: nothing has; `superseded`: a later generation has. Nothing was changed then. */
export type AfterProofResult =
  | { done: true; entry: LedgerEntry }
  | { done: false; reason: 'not-landed' | 'superseded'; entry: LedgerEntry | undefined };

/** Of an operator's or a listing's write. */
export type ForgetResult =
  | { done: true; entry: LedgerEntry | undefined }
  /** A worker is at it, or it is held: nothing was changed. */
  | { done: false; reason: 'claimed' | 'held'; entry: LedgerEntry };

/**
 * Which deliveries of one partner's folder have been copied, are being copied, and must not be.
 *
 * A file is done when a commit says so, and by nothing else: a claim is a lease. Every write is decided from the row
 * as it is at that moment and happens at once or not at all, whatever other processes do. An owner can change its own
 * claim only; what landed earlier is kept until a later generation lands.
 *
 * All methods throw LedgerUnavailableError when the store does not answer, after its client's own retries; the write
 * may then have happened or not, and the same call again is safe.
 */
export interface FileLedger {
  /** Undefined for a path that was never claimed or held, or whose row has expired. */
  get(path: string, signal?: AbortSignal): Promise<LedgerEntry | undefined>;
  /** All entries, or those in one of `states`, in no order; what is written meanwhile may be missed or shown. */
  list(query?: { states?: readonly EntryState[] }, signal?: AbortSignal): AsyncIterable<LedgerEntry>;

  /**
   * Takes the path for `leaseMs`. A new path, another identity than what landed, a failed or suspended generation, an
   * expired lease: a claim. The same owner's claim of the same identity is granted again.
   */
  claim(request: ClaimRequest, signal?: AbortSignal): Promise<ClaimResult>;
  /** Lengthens the lease to `leaseMs` from now; also an expired one that nobody has taken. */
  renew(claim: ClaimReference & { leaseMs: number }, signal?: AbortSignal): Promise<OwnerWrite>;
  /** Keeps with the claim what a later run needs to go on with its upload. */
  noteUpload(claim: ClaimReference & { upload: OpenUpload }, signal?: AbortSignal): Promise<OwnerWrite>;
  /** The object is in the bucket and proved. Repeated by the same owner: done, with nothing changed. */
  commit(request: CommitRequest, signal?: AbortSignal): Promise<OwnerWrite>;
  /**
   * Gives the claim back as if it had never been: for a file that was not ready or vanished, which is not a failure.
   * An upload that was noted stays noted, so that no part is lost sight of.
   */
  rollBack(claim: ClaimReference, signal?: AbortSignal): Promise<RollBackResult>;
  /**
   * Notes a failed try; the next claim is free at once. Forgets the upload.
   * @param claim.isUncounted it is not one of the tries after which the file is passed over. @default false
   */
  fail(
    claim: ClaimReference & { error: LedgerError; isUncounted?: boolean },
    signal?: AbortSignal,
  ): Promise<OwnerWrite>;
  /** Gives the claim back with its upload: the next claim of the same file goes on with it. Counts as a failed try. */
  suspend(claim: ClaimReference & { error: LedgerError }, signal?: AbortSignal): Promise<OwnerWrite>;

  /** Repeated after `done`: done, with nothing changed. */
  markAfterProof(mark: AfterProofMark, signal?: AbortSignal): Promise<AfterProofResult>;
  /**
   * The path was missing from two complete listings in a row: the row may expire.
   * @param keepMs how long it is kept from now on. @returns undefined when there is no such row
   */
  markGone(mark: { path: string; keepMs: number }, signal?: AbortSignal): Promise<LedgerEntry | undefined>;
  /** The path is listed again: the row is kept. A claim does the same. */
  markSeen(path: string, signal?: AbortSignal): Promise<LedgerEntry | undefined>;

  /** Nothing of the path is claimed from now on. Who is at it may finish. */
  hold(request: { path: string; reason: string }, signal?: AbortSignal): Promise<LedgerEntry>;
  /** Undefined when that leaves nothing of the row. */
  release(path: string, signal?: AbortSignal): Promise<LedgerEntry | undefined>;
  /** Removes the row: the file is new again. */
  forget(path: string, signal?: AbortSignal): Promise<ForgetResult>;
  close(): Promise<void>;
}

export interface SessionRequest {
  execution: string;
  /** At least 1; a value above `maxSessions` is lowered to it. */
  wanted: number;
  /** All that the partner has granted. */
  maxSessions: number;
  /** Whether whoever gets nothing queues. @default true */
  waits?: boolean;
  /** Executions that are known to have ended, and when their last session is closed. */
  ended?: readonly EndedExecution[];
}

export interface EndedExecution {
  execution: string;
  freeAtMs: number;
}

export type SessionAnswer =
  | { granted: number }
  | {
      granted: 0;
      /** Executions that are served first: those that hold sessions, and those that have waited longer. */
      ahead: number;
      /** Those that are ahead, in that order. */
      executionsAhead: string[];
      /** Seconds after which to ask again: 10 at first, then growing with the time waited. */
      waitSeconds: number;
      waitingSinceMs: number;
      /** Of those ahead, the ones to ask Step Functions about: do they still run? The oldest first. */
      inQuestion: string[];
    };

/**
 * The sessions of one partner, shared by everything that opens one. Exact whatever other processes do.
 *
 * Both methods throw LedgerUnavailableError when the store does not answer; the same call again is safe.
 */
export interface PartnerSessions {
  /** Grants what is free, in the order of the first request, or says when to ask again. Repeated: the same grant. */
  request(request: SessionRequest, signal?: AbortSignal): Promise<SessionAnswer>;
  /**
   * Gives the execution's sessions, or its place in the queue, back. Repeated: nothing happens.
   * @param release.freeAtMs when its last session is surely closed; at once without it
   */
  release(
    release: { execution: string; freeAtMs?: number },
    signal?: AbortSignal,
  ): Promise<{ released: number }>;
}
