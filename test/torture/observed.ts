import type { TransferOutcome } from '../../local/local-transfer.ts';
import type { StepAttempt } from '../../local/step-attempts.ts';

/** What `transfer` prints at its end. */
export interface Printed {
  /** For people. */
  text: string;
  /** The last line of `--json`. */
  json: Readonly<Record<string, unknown>>;
}

/** All that could be seen of one transfer and of what it left. */
export interface Observed {
  outcome: TransferOutcome;
  printed: Printed;
  /** Every run of a step, the repeated ones too. */
  steps: readonly StepAttempt[];
  sourceBytes: number;
  /** Hexadecimal SHA-256 of the source as it was planned. */
  sourceSha256: string;
  /** Of what lies under each key now. */
  landed: ReadonlyMap<string, string>;
  /** Of what lay under each key before. */
  earlier: ReadonlyMap<string, string>;
  openUploads: readonly string[];
  /** Connections that the SFTP server was ever asked for, and that are still open. */
  connections: number;
  openConnections: number;
  /** Attempts to log in that carried a credential. */
  loginAttempts: number;
  /** Connections on which one came; undefined where the server does not count. */
  loggedInConnections: number | undefined;
  /** The same on connections whose host key was not pinned. */
  loginAttemptsAtStrangers: number;
  /** Log lines, metrics, state payloads, and the outcome. */
  written: readonly string[];
  /** Of the runtime. */
  warnings: readonly string[];
}
