import { Command } from 'commander';
import { StepFunctionsHistory } from '../../lambdas/abort-upload/step-functions-history.ts';
import { isRemoval } from '../../ledger/kept-uploads.ts';
import { lineTelemetry } from '../../local/line-telemetry.ts';
import { removeKept } from '../../local/resume/remove-kept.ts';
import { createS3Client } from '../../s3/client.ts';
import { S3ObjectStore } from '../../s3/object-store.ts';
import type { ObjectStore } from '../../s3/ports.ts';
import { systemClock } from '../../transfer/clock.ts';
import { findRunningExecution, locationOf, parseExecutionTarget } from '../deployed/find-target.ts';
import { withKeptUploads } from '../deployed/kept/kept-uploads.ts';
import { type Cleanup, proveCleanup } from '../deployed/prove-cleanup.ts';
import type { Executions } from '../deployed/step-functions/executions.ts';
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
import { UsageError } from '../usage-error.ts';

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
      'stop a transfer on AWS, and wait until its multipart upload is gone from S3; of one that failed, remove the kept parts',
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
    const mayBeKept = !stopped.wasRunning && stopped.status !== 'SUCCEEDED' && !isFolderRun;
    const removed = mayBeKept ? await remove(execution, executions, location, flags, signal) : undefined;
    if (removed !== undefined) return { ...found, ...removed };
    // It has no upload of its own: those of its transfers are cleaned up by the rule for stopped executions.
    if (!flags.wait || isFolderRun) return found;
    return { ...found, cleanup: await prove(execution, location, flags.timeout, signal) };
  });
  printLine(flags.json ? JSON.stringify(stopAsJson(result)) : stopForPeople(result));
  process.exitCode = result.cleanup?.proved === false ? EXIT_CODES.failed : EXIT_CODES.ok;
}

/** The kept parts of an execution that has ended; undefined where there are none, or it is not known whether. */
async function remove(
  execution: string,
  executions: Pick<Executions, 'describe'>,
  location: AwsLocation,
  { stackName, timeout }: StopFlags,
  signal: AbortSignal,
): Promise<Pick<StopResult, 'cleanup' | 'kept'> | undefined> {
  const removal = await withStore(location, (store) =>
    withKeptUploads(location, stackName, (uploadsOf) => {
      const ports = {
        uploads: uploadsOf(execution),
        store,
        clock: systemClock,
        telemetry: lineTelemetry(),
        endOf: (holder: string) => endOf(holder, executions, signal),
      };
      return removeKept(execution, ports, timeout * 1000, signal);
    }),
  ).catch((error: Error) => {
    signal.throwIfAborted();
    // Whoever may only stop still gets the proof for what was not kept.
    process.stderr.write(`Whether its parts are kept is not known: ${error.message}\n`);
    return { outcome: 'none' } as const;
  });
  switch (removal.outcome) {
    case 'none':
      return undefined;
    case 'in use':
      if (isRemoval(removal.holder))
        throw new UsageError('its kept parts are just being removed by another command');
      throw new UsageError(`${removal.holder} goes on with its kept parts: stop that one`);
    case 'removed':
      return { kept: removal.upload, cleanup: { proved: true, upload: removal.upload } };
    case 'failed': {
      const { reason, upload } = removal;
      return { kept: upload, cleanup: { proved: false, upload, reason } };
    }
  }
}

/** Undefined while it runs. Step Functions no longer has what ended months ago. */
async function endOf(
  execution: string,
  executions: Pick<Executions, 'describe'>,
  signal: AbortSignal,
): Promise<Date | 'forgotten' | undefined> {
  try {
    return (await executions.describe(execution, signal)).stopDate;
  } catch (error) {
    if (error instanceof UsageError) return 'forgotten';
    throw error;
  }
}

async function prove(
  execution: string,
  location: AwsLocation,
  timeoutSeconds: number,
  signal: AbortSignal,
): Promise<Cleanup> {
  const sfn = createSfnClient(location);
  try {
    return await withStore(location, (store) => {
      const ports = { history: new StepFunctionsHistory(sfn), store, clock: systemClock };
      return proveCleanup(execution, ports, timeoutSeconds * 1000, signal);
    });
  } finally {
    sfn.destroy();
  }
}

async function withStore<T>(
  { region, endpoint }: AwsLocation,
  work: (store: ObjectStore) => Promise<T>,
): Promise<T> {
  const s3 = createS3Client({
    ...(region !== undefined && { region }),
    ...(endpoint !== undefined && { endpoint }),
  });
  try {
    return await work(new S3ObjectStore(s3));
  } finally {
    s3.destroy();
  }
}
