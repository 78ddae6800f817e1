import { Command } from 'commander';
import { StepFunctionsHistory } from '../../lambdas/abort-upload/step-functions-history.ts';
import { createS3Client } from '../../s3/client.ts';
import { S3ObjectStore } from '../../s3/object-store.ts';
import { systemClock } from '../../transfer/clock.ts';
import { findRunningExecution, locationOf, parseExecutionTarget } from '../deployed/find-target.ts';
import { type Cleanup, proveCleanup } from '../deployed/prove-cleanup.ts';
import { type AwsLocation, createSfnClient } from '../deployed/step-functions/sfn-client.ts';
import { withExecutions } from '../deployed/step-functions/with-executions.ts';
import { stopExecution } from '../deployed/stop-execution.ts';
import { EXIT_CODES } from '../exit-codes.ts';
import { type AwsFlags, addAwsOptions, addFoldersOption } from '../options/aws-options.ts';
import { addExecutionArguments } from '../options/execution-arguments.ts';
import { countBetween } from '../options/transfer-options.ts';
import { printLine } from '../print.ts';
import { folderOfRun } from '../results/describe-folder-run.ts';
import { type StopResult, stopAsJson, stopForPeople } from '../results/describe-stop.ts';

const DEFAULT_TIMEOUT_S = 120;
const MAX_TIMEOUT_S = 3_600;

interface StopFlags extends AwsFlags {
  cause: string;
  /** Seconds. */
  timeout: number;
  wait: boolean;
  json?: true;
  folders?: true;
}

export function stopCommand(): Command {
  const command = addExecutionArguments(
    new Command('stop').description(
      'stop a transfer on AWS, and wait until its multipart upload is gone from S3',
    ),
    'a partner that has one transfer running',
  )
    .option('--cause <text>', 'why; kept with the execution', 'stopped by an operator')
    .option('--no-wait', 'do not wait for the cleanup')
    .option(
      '--timeout <seconds>',
      'longest wait for the cleanup',
      countBetween(1, MAX_TIMEOUT_S),
      DEFAULT_TIMEOUT_S,
    )
    .option('--json', 'print one JSON object');
  return addAwsOptions(addFoldersOption(command)).action(stop);
}

async function stop(text: string, name: string | undefined, flags: StopFlags): Promise<void> {
  const target = parseExecutionTarget(text, name, flags);
  const location = locationOf(target, flags);
  const announcement = 'No longer waiting. If the stop was requested already, it still takes effect.';
  const result = await withExecutions(location, announcement, async (executions, signal) => {
    const execution = await findRunningExecution(target, executions, signal);
    const isFolderRun = folderOfRun(await executions.describe(execution, signal)) !== undefined;
    const stopped = await stopExecution(execution, flags.cause, { executions, clock: systemClock }, signal);
    const found: StopResult = { execution, ...stopped, cleanup: undefined };
    // It has no upload of its own: those of its transfers are cleaned up by the rule for stopped executions.
    if (!flags.wait || isFolderRun) return found;
    return { ...found, cleanup: await prove(execution, location, flags.timeout, signal) };
  });
  printLine(flags.json ? JSON.stringify(stopAsJson(result)) : stopForPeople(result));
  process.exitCode = result.cleanup?.proved === false ? EXIT_CODES.failed : EXIT_CODES.ok;
}

async function prove(
  execution: string,
  location: AwsLocation,
  timeoutSeconds: number,
  signal: AbortSignal,
): Promise<Cleanup> {
  const { region, endpoint } = location;
  const sfn = createSfnClient(location);
  const s3 = createS3Client({
    ...(region !== undefined && { region }),
    ...(endpoint !== undefined && { endpoint }),
  });
  try {
    const ports = {
      history: new StepFunctionsHistory(sfn),
      store: new S3ObjectStore(s3),
      clock: systemClock,
    };
    return await proveCleanup(execution, ports, timeoutSeconds * 1000, signal);
  } finally {
    s3.destroy();
    sfn.destroy();
  }
}
