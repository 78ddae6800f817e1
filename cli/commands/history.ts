import { Command } from 'commander';
import { systemClock } from '../../lambdas/shared/adapters/system-clock.ts';
import { type AwsFlags, addAwsOptions } from '../aws-options.ts';
import { findExecution, parseExecutionTarget, regionOf } from '../deployed/find-target.ts';
import { HistoryReader } from '../deployed/history-reader.ts';
import { historyAsJson, historyForPeople } from '../deployed/history-summary.ts';
import { withExecutions } from '../deployed/with-executions.ts';
import { printLine } from '../print.ts';
import { timelineOfExecution } from '../report/execution-timeline.ts';

interface HistoryFlags extends AwsFlags {
  json?: true;
}

export function historyCommand(): Command {
  const command = new Command('history')
    .description('what happened in a transfer on AWS: its steps, failed attempts by name, slowest chunks')
    .argument('<execution>', "an execution's ARN, or a partner, whose newest transfer is meant")
    .option('--json', 'print one JSON object');
  return addAwsOptions(command).action(history);
}

async function history(text: string, flags: HistoryFlags): Promise<void> {
  const target = parseExecutionTarget(text, flags.stackName);
  const location = { region: flags.region ?? regionOf(target), endpoint: flags.endpointUrl };
  const timeline = await withExecutions(location, 'Stopped.', async (executions, signal) => {
    const arn = await findExecution(target, executions, signal);
    const execution = await executions.describe(arn, signal);
    const reader = new HistoryReader(executions, arn);
    await reader.update(signal);
    return timelineOfExecution(execution, reader.events, systemClock.nowMs());
  });
  printLine(flags.json ? JSON.stringify(historyAsJson(timeline)) : historyForPeople(timeline));
}
