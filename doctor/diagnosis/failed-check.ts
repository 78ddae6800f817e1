import type { Fault, StageName } from '../report.ts';
import type { ConnectionFacts } from '../stages/connection-stages.ts';

/** What a failed stage means. */
export interface Diagnosis {
  fault: Fault;
  /** Begins with whose side it is; says why, and what to do. */
  sentence: string;
  /** What the partner is asked to do; undefined when it can do nothing. */
  request?: string;
}

/** What the diagnosis uses. */
export interface FailedCheck {
  stage: StageName;
  error: Error;
  facts: ConnectionFacts;
  host: string;
  port: number;
  /** The path that was asked for. */
  path: string | undefined;
  /** Addresses that partners were told we come from. */
  egressAddresses: readonly string[];
  /** CIDRs that our own network lets us reach; empty when it does not say. */
  allowedCidrs: readonly string[];
  /** True when the time of the check itself was over. */
  timeIsOver: boolean;
}
