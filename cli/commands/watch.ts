import { Command } from 'commander';
import { findExecution, locationOf, parseExecutionTarget } from '../deployed/find-target.ts';
import { withExecutions } from '../deployed/with-executions.ts';
import { addAwsOptions } from '../options/aws-options.ts';
import { addExecutionArguments } from '../options/execution-arguments.ts';
import { addWatchOptions, type WatchFlags, watchOptionsFor } from '../options/watch-options.ts';
import { watchTransfer } from '../watch-transfer.ts';

export function watchCommand(): Command {
  const command = addExecutionArguments(
    new Command('watch').description('follow a transfer on AWS to its end; Ctrl-C only detaches'),
  );
  return addAwsOptions(addWatchOptions(command)).action(watch);
}

async function watch(text: string, name: string | undefined, flags: WatchFlags): Promise<void> {
  const target = parseExecutionTarget(text, name, flags);
  const location = locationOf(target, flags);
  process.exitCode = await withExecutions(location, 'Detaching.', async (executions, signal) => {
    const arn = await findExecution(target, executions, signal);
    return watchTransfer(arn, executions, watchOptionsFor(arn, flags), signal);
  });
}
