import type { PartnerSessions } from '../../ledger/ports.ts';
import type { Telemetry } from '../../transfer/telemetry.ts';
import type { UploadClaimPorts } from './claim-kept-upload.ts';

export interface ReserveSettings {
  /** Sessions that the partner has granted, over all executions. */
  maxSessions: number;
  /** Of a transfer whose request names no concurrency. */
  maxConcurrency: number;
  /** Longest time for which a function of an ended execution may still hold a session. */
  drainMs: number;
}

/** When an execution ended, and whether all its work was done then. */
export interface ExecutionEnd {
  endedAtMs: number;
  succeeded: boolean;
}

export interface ReservePorts {
  sessions: PartnerSessions;
  /** Undefined while the execution runs, or where that cannot be learnt now. */
  endOf(execution: string, signal: AbortSignal): Promise<ExecutionEnd | undefined>;
  telemetry: Telemetry;
  /** Absent where no parts are kept. */
  resuming?: UploadClaimPorts;
}
