import { Command, InvalidArgumentError } from 'commander';
import { z } from 'zod';
import { boardOf } from '../../../expectations/board.ts';
import { deployedLook } from '../../../expectations/deployed/deployed-look.ts';
import { ExecutionReader } from '../../../expectations/deployed/executions.ts';
import type { StatusRow } from '../../../expectations/status-row.ts';
import { folderWorkflowName } from '../../../folder/run/workflow-name.ts';
import { deployedFoldersOf } from '../../../infra/config/partner/partner-schema.ts';
import { ledgerTableName, pipelineName, stateBucketName } from '../../../infra/pipeline/names.ts';
import { createDynamoDbClient } from '../../../ledger/dynamodb/dynamodb-client.ts';
import { dynamoDbLedger } from '../../../ledger/dynamodb/dynamodb-ledger.ts';
import { DynamoDbRows } from '../../../ledger/dynamodb/dynamodb-rows.ts';
import { createS3Client } from '../../../s3/client.ts';
import { S3ObjectStore } from '../../../s3/object-store.ts';
import { S3StateFiles } from '../../../s3/state-files.ts';
import { systemClock } from '../../../transfer/clock.ts';
import { expectationPartition } from '../../../transfer/ledger-partition.ts';
import { ledgerCallError, toAwsCallError } from '../../deployed/aws-call-error.ts';
import { type ConfiguredPartner, findConfiguredPartner } from '../../deployed/configured-partner.ts';
import { findStateMachine, parsePipelineTarget } from '../../deployed/find-target.ts';
import { createSfnClient } from '../../deployed/step-functions/sfn-client.ts';
import { SfnExecutions } from '../../deployed/step-functions/sfn-executions.ts';
import { EXIT_CODES } from '../../exit-codes.ts';
import { type AwsFlags, addAwsOptions } from '../../options/aws-options.ts';
import { printLine } from '../../print.ts';
import { onInterrupt } from '../../process/interrupt.ts';
import { boardAsJson, describeBoard } from '../../results/describe-board.ts';
import { columnsOf } from '../../terminal/terminal-kind.ts';

interface ExpectedFlags extends AwsFlags {
  date?: string;
  json?: true;
}

export function expectedCommand(): Command {
  const command = new Command('expected')
    .description("today's board of a partner: what is expected by when, what has landed, and why not")
    .argument('<partner>', 'a partner of the configuration')
    .option('--date <date>', "another day, as 2027-03-28 (default: today by each expectation's clock)", date)
    .option('--json', 'print one JSON object');
  return addAwsOptions(command).action(expected);
}

async function expected(name: string, flags: ExpectedFlags): Promise<void> {
  const configured = findConfiguredPartner(name);
  const { partner } = configured;
  if (partner.expectations.length === 0) {
    return printLine(flags.json ? JSON.stringify(boardAsJson(name, [])) : `Nothing is expected of ${name}.`);
  }
  const interrupt = onInterrupt('Stopped.');
  try {
    const lines = await fetchBoard(configured, flags, interrupt.signal);
    printLine(
      flags.json ? JSON.stringify(boardAsJson(name, lines)) : describeBoard(lines, columnsOf(process.stdout)),
    );
    if (lines.some(({ state }) => state === 'MISSED')) process.exitCode = EXIT_CODES.failed;
  } catch (error) {
    if (error instanceof Error && '$metadata' in error) throw toAwsCallError('expected', error);
    throw ledgerCallError(error);
  } finally {
    interrupt.release();
  }
}

async function fetchBoard(
  { configuration, partner }: ConfiguredPartner,
  flags: ExpectedFlags,
  signal: AbortSignal,
) {
  const stackName = flags.stackName ?? configuration.name;
  const region = flags.region ?? configuration.region;
  const location = { region, ...(flags.endpointUrl !== undefined && { endpoint: flags.endpointUrl }) };
  const sfn = createSfnClient({ endpoint: undefined, ...location });
  const s3 = createS3Client(location);
  const client = createDynamoDbClient(location);
  const { nowMs } = systemClock;
  try {
    const target = parsePipelineTarget(partner.name, flags);
    const arn = await findStateMachine(target, new SfnExecutions(sfn), signal);
    const accountId = arn.split(':')[4] ?? '';
    const prefix = arn.slice(0, arn.lastIndexOf(':') + 1);
    const tableName = ledgerTableName(stackName);
    const look = deployedLook({
      executions: new ExecutionReader(sfn),
      store: new S3ObjectStore(s3),
      files: new S3StateFiles(s3, stateBucketName(stackName, accountId, region)),
      ledgerOf: (partnerName, folder) =>
        dynamoDbLedger({ client, tableName, partner: partnerName, folder, nowMs }),
      transferMachineArn: (partnerName) => prefix + pipelineName(stackName, partnerName),
      folderMachineArn: (partnerName) => prefix + folderWorkflowName(pipelineName(stackName, partnerName)),
      nowMs,
    });
    const expecting = {
      partner: partner.name,
      expectations: [...partner.expectations],
      folders: deployedFoldersOf(partner),
    };
    const statusRows = (partnerName: string) =>
      new DynamoDbRows<StatusRow>({ client, tableName, partition: expectationPartition(partnerName), nowMs });
    return await boardOf(expecting, flags.date, { look, statusRows, clock: systemClock }, signal);
  } finally {
    for (const each of [sfn, s3, client]) each.destroy();
  }
}

function date(text: string): string {
  if (z.iso.date().safeParse(text).success) return text;
  throw new InvalidArgumentError('It must be a date as 2027-03-28.');
}
