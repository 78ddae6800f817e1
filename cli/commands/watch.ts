import { Command } from 'commander';
import { findExecution, locationOf, parseExecutionTarget } from '../deployed/find-target.ts';
import { withExecutions } from '../deployed/step-functions/with-executions.ts';
import { addAwsOptions, addFoldersOption } from '../options/aws-options.ts';
import { addExecutionArguments } from '../options/execution-arguments.ts';
import { addWatchOptions, type WatchFlags, watchOptionsFor } from '../options/watch-options.ts';
import { folderOfRun } from '../results/describe-folder-run.ts';
import { watchFolderRun } from '../watch-folder-run.ts';
import { watchTransfer } from '../watch-transfer.ts';

export function watchCommand(): Command {
  const command = addExecutionArguments(
    new Command('watch').description(
      'follow a transfer, or a run over a folder, on AWS to its end; Ctrl-C only detaches',
    ),
  );
  return addAwsOptions(addFoldersOption(addWatchOptions(command))).action(watch);
}

async function watch(
  text: string,
  name: string | undefined,
  flags: WatchFlags & { folders?: true },
): Promise<void> {
  const target = parseExecutionTarget(text, name, flags);
  const location = locationOf(target, flags);
  process.exitCode = await withExecutions(location, 'Detaching.', async (executions, signal) => {
    const arn = await findExecution(target, executions, signal);
    const isFolderRun = folderOfRun(await executions.describe(arn, signal)) !== undefined;
    const follow = isFolderRun ? watchFolderRun : watchTransfer;
    return follow(arn, executions, watchOptionsFor(arn, flags), signal);
  });
}
