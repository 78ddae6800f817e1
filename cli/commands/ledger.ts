import { Command, Option } from 'commander';
import { ledgerTableName } from '../../infra/pipeline/names.ts';
import { createDynamoDbClient } from '../../ledger/dynamodb/dynamodb-client.ts';
import { dynamoDbLedger } from '../../ledger/dynamodb/dynamodb-ledger.ts';
import { ENTRY_STATES, type EntryState } from '../../ledger/entry.ts';
import type { FileLedger } from '../../ledger/ports.ts';
import { systemClock } from '../../transfer/clock.ts';
import { ledgerCallError } from '../deployed/aws-call-error.ts';
import { describeUnknownFolder, findConfiguredPartner } from '../deployed/configured-partner.ts';
import { findStack } from '../deployed/deployed-stack.ts';
import { newExecutionName } from '../deployed/execution-name.ts';
import { findStateMachine, folderTarget, locationOf, parsePipelineTarget } from '../deployed/find-target.ts';
import { withExecutions } from '../deployed/step-functions/with-executions.ts';
import { EXIT_CODES } from '../exit-codes.ts';
import { textTable } from '../format/text-table.ts';
import { type AwsFlags, addAwsOptions } from '../options/aws-options.ts';
import { printLine } from '../print.ts';
import { entryAsJson, entryCells, LEDGER_TITLES } from '../results/describe-ledger.ts';
import { UsageError } from '../usage-error.ts';

interface LedgerFlags extends AwsFlags {
  state?: EntryState;
  forget?: string;
  hold?: string;
  reason: string;
  release?: string;
  replay?: string;
  json?: true;
}

export function ledgerCommand(): Command {
  const command = new Command('ledger')
    .description('what has landed of a folder on AWS, and what is being tried; or change one row')
    .argument('<partner>', 'a partner of the configuration')
    .argument('<folder>', 'a folder of the partner')
    .addOption(new Option('--state <state>', 'only these').choices(ENTRY_STATES))
    .option('--forget <path>', 'remove the row: the file is new again')
    .option('--hold <path>', 'copy nothing of this path until it is released')
    .option('--reason <text>', 'why it is held', 'held by an operator')
    .option('--release <path>', 'end the hold')
    .option('--replay <path>', 'start a run that copies this path again, whether or not it has landed')
    .option('--json', 'print one JSON object');
  return addAwsOptions(command).action(ledger);
}

async function ledger(partner: string, folder: string, flags: LedgerFlags): Promise<void> {
  const target = parsePipelineTarget(partner, flags);
  if (target.by === 'arn') throw new UsageError('name the partner: its rows are found by its name');
  const asked = [flags.forget, flags.hold, flags.release, flags.replay].filter((path) => path !== undefined);
  if (asked.length > 1) throw new UsageError('give one of --forget, --hold, --release and --replay');
  const unknown = unknownFolder(partner, folder, flags);
  // Rows of a folder that is no longer configured can be read; a hold of a misspelt one would hold nothing.
  if (unknown !== undefined && asked.length > 0) throw new UsageError(unknown);
  if (unknown !== undefined) process.stderr.write(`${unknown}\n`);
  if (flags.replay !== undefined) return replay(partner, folder, flags.replay, flags);

  const region = flags.region ?? target.region;
  const client = createDynamoDbClient({
    ...(region !== undefined && { region }),
    ...(flags.endpointUrl !== undefined && { endpoint: flags.endpointUrl }),
  });
  const tableName = ledgerTableName(findStack(flags.stackName).name);
  const rows = dynamoDbLedger({ client, tableName, partner, folder, nowMs: systemClock.nowMs });
  try {
    if (asked.length > 0) await change(rows, flags);
    else await show(rows, flags);
  } catch (error) {
    throw ledgerCallError(error);
  } finally {
    client.destroy();
  }
}

/** Why the folder is none of the partner's; undefined where it is, or where no configuration says. */
function unknownFolder(partner: string, folder: string, { stackName }: LedgerFlags): string | undefined {
  if (stackName !== undefined) return undefined;
  const configured = findConfiguredPartner(partner).partner;
  const isKnown = configured.folders.some(({ name }) => name === folder);
  return isKnown ? undefined : describeUnknownFolder(configured, folder);
}

async function change(rows: FileLedger, { forget, hold, release, reason, json }: LedgerFlags): Promise<void> {
  if (hold !== undefined) {
    await rows.hold({ path: hold, reason });
    return say(`Held: nothing of ${hold} is copied until it is released.`, { held: hold }, json);
  }
  if (release !== undefined) {
    await rows.release(release);
    return say(`Released: ${release}.`, { released: release }, json);
  }
  const path = String(forget);
  const result = await rows.forget(path);
  if (result.done) {
    const text =
      result.entry === undefined ? `There is no row of ${path}.` : `Forgotten: ${path} is new again.`;
    return say(text, { forgotten: result.entry === undefined ? null : path }, json);
  }
  process.exitCode = EXIT_CODES.failed;
  const why = result.reason === 'held' ? 'it is held: release it first' : 'a worker is at it';
  say(`Not forgotten: ${why}.`, { forgotten: null, reason: result.reason }, json);
}

async function show(rows: FileLedger, { state, json }: LedgerFlags): Promise<void> {
  const entries = [];
  for await (const entry of rows.list(state === undefined ? {} : { states: [state] })) entries.push(entry);
  entries.sort((one, other) => (one.path < other.path ? -1 : 1));
  if (json) printLine(JSON.stringify({ entries: entries.map(entryAsJson) }));
  else if (entries.length === 0) printLine('No rows.');
  else printLine(textTable(LEDGER_TITLES, entries.map(entryCells)));
}

async function replay(partner: string, folder: string, path: string, flags: LedgerFlags): Promise<void> {
  const target = folderTarget(parsePipelineTarget(partner, flags));
  const location = locationOf(target, flags);
  const arn = await withExecutions(location, 'Stopped.', async (executions, signal) => {
    const stateMachineArn = await findStateMachine(target, executions, signal);
    const input = JSON.stringify({ folder, only: [path], force: true });
    return executions.start({ stateMachineArn, input, name: newExecutionName() }, signal);
  });
  say(`Started ${arn}`, { status: 'RUNNING', execution: arn }, flags.json);
}

function say(text: string, json: object, asJson: true | undefined): void {
  printLine(asJson ? JSON.stringify(json) : text);
}
