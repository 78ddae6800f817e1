import { randomUUID } from 'node:crypto';
import { Command, Option } from 'commander';
import { parseContract, type TransferRequest, transferRequestSchema } from '../../transfer/contracts.ts';
import {
  S3_MAX_PART_SIZE_BYTES,
  S3_MIN_PART_SIZE_BYTES,
  STEP_FUNCTIONS_MAX_INLINE_MAP_CONCURRENCY,
} from '../../transfer/limits.ts';
import { findStateMachine, parsePipelineTarget } from '../deployed/find-target.ts';
import { withExecutions } from '../deployed/with-executions.ts';
import { EXIT_CODES } from '../exit-codes.ts';
import { addAwsOptions } from '../options/aws-options.ts';
import { countBetween, sizeBetween } from '../options/transfer-options.ts';
import { addWatchOptions, type WatchFlags, watchOptionsFor } from '../options/watch-options.ts';
import { printLine } from '../print.ts';
import { watchTransfer } from '../watch-transfer.ts';

interface StartFlags extends WatchFlags {
  bucket?: string;
  key?: string;
  chunkSize?: number;
  maxConcurrency?: number;
  ifExists?: 'replace' | 'fail';
  name?: string;
  detach?: true;
}

export function startCommand(): Command {
  const command = new Command('start')
    .description(
      "start a transfer on AWS and follow it; options you leave out come from the partner's configuration",
    )
    .argument('<partner>', "a partner of the configuration, or its state machine's ARN")
    .argument('<path>', "the file's path on the partner's server")
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
  return addAwsOptions(addWatchOptions(command)).action(start);
}

async function start(partner: string, path: string, flags: StartFlags): Promise<void> {
  const target = parsePipelineTarget(partner, flags.stackName);
  const input = JSON.stringify(requestOf(path, flags));
  const location = { region: flags.region ?? target.region, endpoint: flags.endpointUrl };
  process.exitCode = await withExecutions(location, 'Detaching.', async (executions, signal) => {
    const stateMachineArn = await findStateMachine(target, executions, signal);
    const arn = await executions.start({ stateMachineArn, input, name: flags.name ?? newName() }, signal);
    if (flags.detach) {
      printLine(flags.json ? JSON.stringify({ status: 'RUNNING', execution: arn }) : arn);
      return EXIT_CODES.ok;
    }
    process.stderr.write(`Started ${arn}\n`);
    return watchTransfer(arn, executions, watchOptionsFor(arn, flags), signal);
  });
}

/** A start whose answer was lost is sent again; by its name Step Functions sees that it is the same. */
function newName(): string {
  const time = new Date().toISOString().replace(/[-:]|\..*$/g, '');
  return `${time}-${randomUUID().slice(0, 8)}`;
}

/** @throws InvalidTransferRequestError */
function requestOf(path: string, flags: StartFlags): TransferRequest {
  const given = {
    sftp_file_path: path,
    target_s3_bucket: flags.bucket,
    target_s3_key: flags.key,
    chunk_size_bytes: flags.chunkSize,
    max_concurrency: flags.maxConcurrency,
    if_exists: flags.ifExists,
  };
  return parseContract(transferRequestSchema, given);
}
