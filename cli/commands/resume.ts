import { Command } from 'commander';
import { type TransferRequest, transferRequestSchema } from '../../transfer/contracts.ts';
import { parseJson } from '../../transfer/text/parse-json.ts';
import { parseWorkflowArn } from '../deployed/arn.ts';
import { newExecutionName } from '../deployed/execution-name.ts';
import { findExecution, locationOf, parseExecutionTarget } from '../deployed/find-target.ts';
import { withExecutions } from '../deployed/step-functions/with-executions.ts';
import { EXIT_CODES } from '../exit-codes.ts';
import { addAwsOptions } from '../options/aws-options.ts';
import { addExecutionArguments } from '../options/execution-arguments.ts';
import { addWatchOptions, type WatchFlags, watchOptionsFor } from '../options/watch-options.ts';
import { printLine } from '../print.ts';
import { UsageError } from '../usage-error.ts';
import { watchTransfer } from '../watch-transfer.ts';

interface ResumeFlags extends WatchFlags {
  detach?: true;
}

export function resumeCommand(): Command {
  const command = addExecutionArguments(
    new Command('resume').description(
      'go on with a transfer on AWS that failed, from the parts that were kept, and follow it',
    ),
  ).option('--detach', 'do not follow it, only print its ARN');
  return addAwsOptions(addWatchOptions(command)).action(resume);
}

async function resume(text: string, name: string | undefined, flags: ResumeFlags): Promise<void> {
  const target = parseExecutionTarget(text, name, flags);
  const location = locationOf(target, flags);
  process.exitCode = await withExecutions(location, 'Detaching.', async (executions, signal) => {
    const failed = await findExecution(target, executions, signal);
    const { input, stateMachineArn, status } = await executions.describe(failed, signal);
    if (status === 'RUNNING' || status === 'SUCCEEDED')
      throw new UsageError(`${failed} is ${status}: there is nothing to resume`);
    const request = { ...requestOf(input), resume_execution: failed };
    const start = {
      stateMachineArn: stateMachineArn ?? '',
      input: JSON.stringify(request),
      name: newExecutionName(),
    };
    const arn = await executions.start(start, signal);
    if (flags.detach) {
      printLine(flags.json ? JSON.stringify({ status: 'RUNNING', execution: arn }) : arn);
      return EXIT_CODES.ok;
    }
    process.stderr.write(`Resuming ${parseWorkflowArn(failed)?.executionName ?? failed} as ${arn}\n`);
    return watchTransfer(arn, executions, watchOptionsFor(arn, flags), signal);
  });
}

/** What the failed execution was started with, and so the same file and target. */
function requestOf(input: string | undefined): TransferRequest {
  const parsed = transferRequestSchema.safeParse(parseJson(input));
  if (parsed.success) return parsed.data;
  throw new UsageError('that execution was not started as a transfer');
}
