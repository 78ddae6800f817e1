import type { AfterProofAction, FileIdentity, LandedObject } from '../../ledger/entry.ts';
import type { ClaimRefusal } from '../../ledger/ports.ts';

/** One file that a run has decided to copy. */
export interface FileToCopy extends FileIdentity {
  /** Relative to the folder. */
  path: string;
  /** What released it. */
  trigger?: FileIdentity;
}

/** What all files of one run have in common. */
export interface CopySettings {
  /** Path of the folder as the server resolved it. */
  rootPath: string;
  bucket: string;
  /**
   * The object's key; deterministic, so that the object of a try that was cut off is found again.
   * @param owner of that try, where the key is to be as its run made it
   */
  keyOf: (file: FileToCopy, generation: number, owner?: string) => string;
  ifExists: 'replace' | 'fail';
  runId: string;
  afterProof: AfterProofAction;
  maxFailures: number;
  redelivery: 'by-identity' | 'on-reappearance';
  /** Copies what has landed all the same. @default false */
  force?: boolean;
}

/** What came of one file. */
export type CopyOutcome = { path: string } & (
  | {
      status: 'landed';
      generation: number;
      sizeBytes: number;
      object: LandedObject;
      /** An earlier run had copied it, and was cut off before it could say so. */
      isRecovered: boolean;
    }
  /** It changed while it was read, or since it was listed: a later run takes it. */
  | { status: 'not-ready' }
  /** It was listed, and is gone. */
  | { status: 'vanished' }
  | { status: 'not-claimed'; reason: ClaimRefusal | 'claim-lost' }
  | { status: 'failed'; error: Error }
);
