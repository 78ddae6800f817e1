import { Command } from 'commander';
import { findExecution, parseExecutionTarget, regionOf } from '../deployed/find-target.ts';
import { withExecutions } from '../deployed/with-executions.ts';
import { addAwsOptions } from '../options/aws-options.ts';
import { addWatchOptions, type WatchFlags, watchOptionsFor } from '../options/watch-options.ts';
import { watchTransfer } from '../watch-transfer.ts';

export function watchCommand(): Command {
  const command = new Command('watch')
    .description('follow a transfer on AWS to its end; Ctrl-C only detaches')
    .argument('<execution>', "an execution's ARN, or a partner, whose newest transfer is meant");
  return addAwsOptions(addWatchOptions(command)).action(watch);
}

async function watch(text: string, flags: WatchFlags): Promise<void> {
  const target = parseExecutionTarget(text, flags.stackName);
  const location = { region: flags.region ?? regionOf(target), endpoint: flags.endpointUrl };
  process.exitCode = await withExecutions(location, 'Detaching.', async (executions, signal) => {
    const arn = await findExecution(target, executions, signal);
    return watchTransfer(arn, executions, watchOptionsFor(arn, flags), signal);
  });
}
