import { diagnoseConnection } from './connection-diagnosis.ts';
import type { Diagnosis, FailedCheck } from './failed-check.ts';
import { diagnoseFile } from './file-diagnosis.ts';

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
    case 'egress':
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
