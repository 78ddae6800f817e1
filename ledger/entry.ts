import type { Row, Transition } from './decision.ts';

/** What the ledger knows of one path of a folder. */

/** A file as a listing or a stat showed it. Two files of one path are the same delivery if and only if these are equal. */
export interface FileIdentity {
  sizeBytes: number;
  /** Seconds since 1970-01-01 UTC, as the server gave it; compared with nothing but the server's own values. */
  modifiedAtSeconds: number;
}

/** The object that a generation became. */
export interface LandedObject {
  bucket: string;
  key: string;
  etag: string;
  /** Absent where the bucket keeps no versions. */
  versionId?: string;
  /** Base64 of the big-endian CRC64NVME of the whole object; absent where the store shows none. */
  crc64Nvme?: string;
}

/** Why a try to copy a generation failed: the name is one of errors.ts. */
export interface LedgerError {
  name: string;
  message: string;
}

/** The multipart upload of a generation that is not finished yet: what a resume needs. */
export interface OpenUpload {
  bucket: string;
  key: string;
  uploadId: string;
  chunkSizeBytes: number;
  chunkCount: number;
  /** ARN of the execution that started it. */
  firstExecution: string;
  /** Fingerprint of the host key, `SHA256:<base64>`. */
  hostKey: string;
  /** Milliseconds since 1970-01-01 UTC after which its parts are no longer kept. */
  keepUntilMs: number;
}

/** What is to be done with the source file after its object is proved. */
export const AFTER_PROOF_ACTIONS = ['none', 'move', 'delete'] as const;
export type AfterProofAction = (typeof AFTER_PROOF_ACTIONS)[number];

export interface AfterProof {
  action: AfterProofAction;
  doneAtMs?: number;
  /** Of the last try; a transfer that landed stays a success whatever happens here. */
  error?: LedgerError;
}

/** The last generation of a path whose object is in the bucket and proved. */
export interface LandedGeneration extends FileIdentity {
  generation: number;
  /** Who committed it, so that a repeated commit of the same owner is recognised. */
  owner: string;
  landedAtMs: number;
  object: LandedObject;
  after: AfterProof;
  /** The trigger file that released it: the next generation's must differ, or be at least as new as its data. */
  trigger?: FileIdentity;
  /** Of a sidecar, as `<algorithm>:<hex>`. */
  digest?: string;
}

/** A lease: nobody else may work on the path until it expires. */
export interface Claim {
  /** One worker of one run. Two workers with the same owner cannot be distinguished. */
  owner: string;
  untilMs: number;
}

/** A generation that has not landed (yet). */
export interface Attempt extends FileIdentity {
  generation: number;
  state: 'CLAIMED' | 'FAILED' | 'SUSPENDED';
  /** Tries that failed. */
  failures: number;
  /** While CLAIMED. */
  claim?: Claim;
  /** Of the last failed try. */
  error?: LedgerError;
  upload?: OpenUpload;
}

/** An operator's word that nothing of this path is to be copied. */
export interface Hold {
  sinceMs: number;
  reason: string;
}

/**
 * One row. What landed and what is being tried are kept apart, so that undoing a try can never undo what an earlier
 * run committed.
 */
export interface LedgerEntry extends Row {
  /** Relative to the folder, exactly as the server spells it; well-formed Unicode, at most 4,096 bytes. */
  path: string;
  firstSeenMs: number;
  /** Number of the latest generation that was claimed. It grows for as long as there is a row. */
  lastGeneration: number;
  landed?: LandedGeneration;
  attempt?: Attempt;
  hold?: Hold;
  /** When the path was missing from two complete listings in a row. */
  goneAtMs?: number;
  /** From then on the row counts as absent, whether or not the store has removed it. */
  expiresAtMs?: number;
}

export const ENTRY_STATES = ['CLAIMED', 'SUSPENDED', 'FAILED', 'LANDED', 'DONE', 'HELD'] as const;
/** CLAIMED, SUSPENDED, FAILED: the newest generation has not landed. LANDED: it has, its source waits. DONE: both. */
export type EntryState = (typeof ENTRY_STATES)[number];

/** The one word for an entry: HELD before anything else, then the try that goes on, then what landed. */
export function stateOf(entry: Pick<LedgerEntry, 'hold' | 'attempt' | 'landed'>): EntryState {
  if (entry.hold !== undefined) return 'HELD';
  if (entry.attempt !== undefined) return entry.attempt.state;
  return entry.landed?.after.doneAtMs === undefined ? 'LANDED' : 'DONE';
}

export function isSameFile(one: FileIdentity, other: FileIdentity): boolean {
  return one.sizeBytes === other.sizeBytes && one.modifiedAtSeconds === other.modifiedAtSeconds;
}

/** Whether nothing is left that a later run must know. */
export function isEmpty(entry: Pick<LedgerEntry, 'hold' | 'attempt' | 'landed'>): boolean {
  return entry.landed === undefined && entry.attempt === undefined && entry.hold === undefined;
}

/** A command on one path. */
export type EntryTransition<T> = Transition<LedgerEntry, T>;

/**
 * Undefined for an entry that has expired: a store may take days to remove it.
 * (DynamoDB: "typically within two days", and until then it still appears in reads.)
 */
export function livingEntry(entry: LedgerEntry | undefined, nowMs: number): LedgerEntry | undefined {
  return entry?.expiresAtMs !== undefined && entry.expiresAtMs <= nowMs ? undefined : entry;
}
