import { Command, Option } from 'commander';
import { parseContract, type TransferRequest, transferRequestSchema } from '../../transfer/contracts.ts';
import {
  S3_MAX_PART_SIZE_BYTES,
  S3_MIN_PART_SIZE_BYTES,
  STEP_FUNCTIONS_MAX_INLINE_MAP_CONCURRENCY,
} from '../../transfer/limits.ts';
import { parseJson } from '../../transfer/text/parse-json.ts';
import { newExecutionName } from '../deployed/execution-name.ts';
import {
  type ExecutionTarget,
  findExecution,
  findStateMachine,
  folderTarget,
  locationOf,
  type PipelineTarget,
  parseExecutionTarget,
  parsePipelineTarget,
} from '../deployed/find-target.ts';
import type { Executions } from '../deployed/step-functions/executions.ts';
import { withExecutions } from '../deployed/step-functions/with-executions.ts';
import { EXIT_CODES } from '../exit-codes.ts';
import { addAwsOptions } from '../options/aws-options.ts';
import { addFolderRunOptions, type FolderRunFlags, folderRunOf } from '../options/folder-run-options.ts';
import { countBetween, sizeBetween } from '../options/transfer-options.ts';
import { addWatchOptions, type WatchFlags, watchOptionsFor } from '../options/watch-options.ts';
import { printLine } from '../print.ts';
import { UsageError } from '../usage-error.ts';
import { watchFolderRun } from '../watch-folder-run.ts';
import { watchTransfer } from '../watch-transfer.ts';

interface StartFlags extends WatchFlags, FolderRunFlags {
  bucket?: string;
  key?: string;
  chunkSize?: number;
  maxConcurrency?: number;
  ifExists?: 'replace' | 'fail';
  /** `<partner>/<name>`, an ARN, or a partner, whose newest transfer is meant. */
  again?: string;
  name?: string;
  detach?: true;
}

export function startCommand(): Command {
  const command = new Command('start')
    .description(
      "start a transfer, or a run over a folder, on AWS and follow it; options you leave out come from the partner's configuration",
    )
    .argument('[partner]', "a partner of the configuration, or its state machine's ARN")
    .argument('[path]', "the file's path on the partner's server; or --folder")
    .option('--again <execution>', 'start with the input of this execution, and what else is given here')
    .option('--bucket <name>', 'where the file lands; it must be one that the configuration allows')
    .option('--key <key>', "the object's key")
    .option(
      '--chunk-size <size>',
      'bytes that one connection reads and one S3 part holds, such as 64MiB',
      sizeBetween(S3_MIN_PART_SIZE_BYTES, S3_MAX_PART_SIZE_BYTES),
    )
    .option(
      '--max-concurrency <count>',
      'chunks at a time',
      countBetween(1, STEP_FUNCTIONS_MAX_INLINE_MAP_CONCURRENCY),
    )
    .addOption(new Option('--if-exists <what>', 'when the target exists').choices(['replace', 'fail']))
    .option('--name <name>', "the execution's name (default: the time and a random part)")
    .option('--detach', 'do not follow it, only print its ARN');
  return addAwsOptions(addWatchOptions(addFolderRunOptions(command))).action(start);
}

async function start(
  partner: string | undefined,
  path: string | undefined,
  flags: StartFlags,
): Promise<void> {
  const folderRun = folderRunOf(path, flags);
  const source = sourceOf(partner, path, flags);
  const location = locationOf('of' in source ? source.of : source.again, flags);
  process.exitCode = await withExecutions(location, 'Detaching.', async (executions, signal) => {
    const { stateMachineArn, earlier } = await resolve(source, executions, signal);
    const request = folderRun ?? ('folder' in earlier ? earlier : requestOf(earlier, path, flags));
    const input = JSON.stringify(request);
    const arn = await executions.start(
      { stateMachineArn, input, name: flags.name ?? newExecutionName() },
      signal,
    );
    if (flags.detach) {
      printLine(flags.json ? JSON.stringify({ status: 'RUNNING', execution: arn }) : arn);
      return EXIT_CODES.ok;
    }
    process.stderr.write(`Started ${arn}\n`);
    if (flags.again !== undefined) process.stderr.write(`  with ${input}\n`);
    const watch = 'folder' in request ? watchFolderRun : watchTransfer;
    return watch(arn, executions, watchOptionsFor(arn, flags), signal);
  });
}

/** A partner that is given a path, or an execution whose input is repeated. */
type StartSource = { of: PipelineTarget } | { again: ExecutionTarget };

/** @throws UsageError */
function sourceOf(partner: string | undefined, path: string | undefined, flags: StartFlags): StartSource {
  if (flags.again !== undefined) {
    if (partner !== undefined)
      throw new UsageError('--again brings partner and path with it; give no arguments beside it');
    return { again: parseExecutionTarget(flags.again, undefined, flags) };
  }
  if (partner !== undefined && flags.folder !== undefined)
    return { of: folderTarget(parsePipelineTarget(partner, flags)) };
  const missing = partner === undefined ? 'partner' : path === undefined ? 'path' : undefined;
  if (partner === undefined || missing !== undefined)
    throw new UsageError(
      `missing required argument '${missing}'; give <partner> <path>, or --again <execution>`,
    );
  return { of: parsePipelineTarget(partner, flags) };
}

async function resolve(
  source: StartSource,
  executions: Executions,
  signal: AbortSignal,
): Promise<{ stateMachineArn: string; earlier: object }> {
  if ('of' in source)
    return { stateMachineArn: await findStateMachine(source.of, executions, signal), earlier: {} };
  const arn = await findExecution(source.again, executions, signal);
  const { stateMachineArn, input } = await executions.describe(arn, signal);
  const earlier = parseJson(input);
  if (stateMachineArn === undefined || typeof earlier !== 'object' || earlier === null)
    throw new UsageError(`the input of ${arn} is not kept by Step Functions; give partner and path instead`);
  return { stateMachineArn, earlier };
}

/** The earlier input, and over it what is given now. @throws InvalidTransferRequestError */
function requestOf(earlier: object, path: string | undefined, flags: StartFlags): TransferRequest {
  const given = {
    sftp_file_path: path,
    target_s3_bucket: flags.bucket,
    target_s3_key: flags.key,
    chunk_size_bytes: flags.chunkSize,
    max_concurrency: flags.maxConcurrency,
    if_exists: flags.ifExists,
  };
  const present = Object.entries(given).filter(([, value]) => value !== undefined);
  // An execution that resumed another is repeated as a transfer of the file: its upload has ended with it.
  const again = { ...earlier, resume_execution: undefined };
  return parseContract(transferRequestSchema, { ...again, ...Object.fromEntries(present) });
}
