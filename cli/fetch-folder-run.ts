import type { DescribeExecutionOutput, HistoryEvent } from '@aws-sdk/client-sfn';
import { findExecution, locationOf, parseExecutionTarget } from './deployed/find-target.ts';
import { HistoryReader } from './deployed/step-functions/history-reader.ts';
import { withExecutions } from './deployed/step-functions/with-executions.ts';
import type { AwsFlags } from './options/aws-options.ts';
import { folderOfRun } from './results/describe-folder-run.ts';

/**
 * A run over a folder with its history; undefined where the execution is the transfer of one file.
 * @throws UsageError | AwsCallError
 */
export async function fetchFolderRun(
  text: string,
  name: string | undefined,
  flags: AwsFlags & { folders?: true },
): Promise<{ execution: DescribeExecutionOutput; events: readonly HistoryEvent[] } | undefined> {
  const target = parseExecutionTarget(text, name, flags);
  const location = locationOf(target, flags);
  return withExecutions(location, 'Stopped.', async (executions, signal) => {
    const arn = await findExecution(target, executions, signal);
    const execution = await executions.describe(arn, signal);
    if (folderOfRun(execution) === undefined) return undefined;
    const reader = new HistoryReader(executions, arn);
    await reader.update(signal);
    return { execution, events: reader.events };
  });
}
