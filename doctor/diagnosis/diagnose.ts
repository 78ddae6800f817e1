import { diagnoseConnection } from './connection-diagnosis.ts';
import type { ConnectionFacts } from '../stages/connection-stages.ts';
import { diagnoseFile } from './file-diagnosis.ts';
import type { Fault, StageName } from '../report.ts';

/** What a failed stage means. */
export interface Diagnosis {
  fault: Fault;
  /** Begins with whose side it is; says why, and what to do. */
  sentence: string;
  /** What the partner is asked to do; undefined when it can do nothing. */
  request?: string;
}

/** What the diagnosis looks at. */
export interface FailedCheck {
  stage: StageName;
  error: Error;
  facts: ConnectionFacts;
  host: string;
  port: number;
  /** The path that was asked for. */
  path: string | undefined;
  /** CIDRs that our own network lets us reach; empty when it does not say. */
  allowedCidrs: readonly string[];
  /** True when the time of the check itself was over. */
  timeIsOver: boolean;
}

/** Says whose fault a failed stage is. */
export function diagnose(failed: FailedCheck): Diagnosis {
  const { stage, error, timeIsOver } = failed;
  if (timeIsOver) {
    return {
      fault: 'network',
      sentence: `The network, or a server that is very slow: the time of the check was over in the stage ${stage}. Run it again; when it ends at the same stage, show the partner the times of the stages.`,
    };
  }
  switch (stage) {
    case 'configuration':
      return {
        fault: 'ours',
        sentence: `Our side: ${error.message}. Nothing was sent to the partner's server.`,
      };
    case 'dns':
    case 'tcp':
    case 'banner':
    case 'algorithms':
    case 'host-key':
    case 'login':
    case 'sftp-session':
      return diagnoseConnection(stage, failed);
    default:
      return diagnoseFile(failed);
  }
}
