import type { Expectation, ExpectingPartner } from './settings.ts';
import type { ExpectedDate } from './window.ts';

/** What can be seen of the files of one expectation; all times in milliseconds since 1970-01-01 UTC. */
export interface Sight {
  /** What has landed and was proved. */
  arrivals: readonly Arrival[];
  /** What is on its way. */
  copying: readonly Copying[];
  /** Looks at the server, in no order. */
  looks: readonly Look[];
  failures: readonly Failure[];
}

export interface Arrival {
  path: string;
  /** The same for the same delivery, however often it is copied. */
  identity: string;
  sizeBytes: number;
  landedAtMs: number;
}

export interface Copying {
  path: string;
  sinceMs: number;
  /** Absent where nothing shows how far it is. */
  progress?: { doneBytes: number; sizeBytes: number };
}

/** A listing, or a stat, by a run over the folder or by a transfer. */
export interface Look {
  atMs: number;
  /** One that missed something shows what is there, never what is not. */
  isComplete: boolean;
  /** Files that are there and are not copied, each with the reason. */
  waiting: readonly WaitingFile[];
}

export interface WaitingFile {
  path: string;
  /** A word of `folder/ready/readiness.ts` or `folder/decision.ts`, as `quiet-period` or `ignored-temporary`. */
  reason: string;
}

export interface Failure {
  atMs: number;
  errorName: string;
  message: string;
  /** Absent where the whole run failed. */
  path?: string;
  /** For the command line, as it prints executions' names. */
  execution?: string;
}

/** Where the facts come from. @throws LedgerUnavailableError | UploadFailedError, or what Step Functions answers */
export type LookAtFiles = (
  partner: ExpectingPartner,
  expectation: Expectation,
  expected: ExpectedDate,
  signal: AbortSignal,
) => Promise<Sight>;
