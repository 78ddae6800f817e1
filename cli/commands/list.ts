import { Command, Option } from 'commander';
import { folderWorkflowName } from '../../folder/run/workflow-name.ts';
import { pipelineName } from '../../infra/pipeline/names.ts';
import { systemClock } from '../../transfer/clock.ts';
import { wrap } from '../../transfer/text/wrap.ts';
import { parseWorkflowArn } from '../deployed/arn.ts';
import { AwsCallError } from '../deployed/aws-call-error.ts';
import {
  configuredPipelineTargets,
  findStateMachine,
  folderTarget,
  locationOf,
  type PipelineTarget,
  parsePipelineTarget,
} from '../deployed/find-target.ts';
import { withKeptUploads } from '../deployed/kept/kept-uploads.ts';
import { type KeptList, listKept } from '../deployed/kept/list-kept.ts';
import { type ListedPipeline, listTransfers } from '../deployed/list-transfers.ts';
import { type ScheduleStatus, statusOf } from '../deployed/schedules/schedules.ts';
import { withSchedules } from '../deployed/schedules/with-schedules.ts';
import type { Executions } from '../deployed/step-functions/executions.ts';
import type { AwsLocation } from '../deployed/step-functions/sfn-client.ts';
import { withExecutions } from '../deployed/step-functions/with-executions.ts';
import { type AwsFlags, addAwsOptions, addFoldersOption } from '../options/aws-options.ts';
import { countBetween } from '../options/transfer-options.ts';
import { printLine } from '../print.ts';
import { listedAsJson, listForPeople } from '../results/describe-list.ts';
import { pauseAsJson, pauseNotice } from '../results/describe-schedules.ts';
import { keptAsJson, keptForPeople } from '../results/uploads/describe-kept.ts';
import { columnsOf } from '../terminal/terminal-kind.ts';
import { UsageError } from '../usage-error.ts';

const DEFAULT_LIMIT = 20;
const MAX_LIMIT = 500;
const STATUSES = ['RUNNING', 'SUCCEEDED', 'FAILED', 'TIMED_OUT', 'ABORTED'] as const;

interface ListFlags extends AwsFlags {
  limit: number;
  status?: (typeof STATUSES)[number];
  json?: true;
  folders?: true;
}

export function listCommand(): Command {
  const command = new Command('list')
    .description(
      'the last transfers on AWS: when, outcome, duration, rate, error; and what is kept of failed ones',
    )
    .argument(
      '[partner]',
      "a partner, or its state machine's ARN (default: all partners of the configuration, or of --stack-name)",
    )
    .option('--limit <count>', 'transfers to show', countBetween(1, MAX_LIMIT), DEFAULT_LIMIT)
    .addOption(new Option('--status <status>', 'only these').choices(STATUSES))
    .option('--json', 'print one JSON object');
  return addAwsOptions(addFoldersOption(command)).action(list);
}

async function list(partner: string | undefined, flags: ListFlags): Promise<void> {
  const partners =
    partner === undefined ? configuredPipelineTargets(flags) : [parsePipelineTarget(partner, flags)];
  const given = flags.folders ? partners?.map(folderTarget) : partners;
  const location = locationOf(given?.[0], flags);
  const { limit, status } = flags;
  const { transfers, pipelines } = await withExecutions(location, 'Stopped.', async (executions, signal) => {
    const pipelines =
      given === undefined
        ? await pipelinesOfStack(String(flags.stackName), flags.folders === true, executions, signal)
        : await deployedPipelines(given, partner !== undefined, executions, signal);
    const ports = { executions, clock: systemClock };
    return { pipelines, transfers: await listTransfers(pipelines, { limit, status }, ports, signal) };
  });
  const schedules = await schedulesOf(pipelines, location);
  const kept = await keptOf(pipelines, location, flags);
  if (flags.json) {
    const paused = schedules.flatMap(({ label, statuses }) => pauseAsJson(label, statuses) ?? []);
    printLine(JSON.stringify({ transfers: transfers.map(listedAsJson), ...keptAsJson(kept), paused }));
    return;
  }
  printLine(transfers.length === 0 ? 'No transfers.' : listForPeople(transfers, columnsOf(process.stdout)));
  const keptTable = keptForPeople(kept.kept, systemClock.nowMs(), columnsOf(process.stdout));
  if (keptTable !== undefined) printLine(`\n${keptTable}`);
  for (const { label, statuses } of schedules) {
    const notice = pauseNotice(label, statuses);
    if (notice !== undefined) printLine(`\n${wrap(notice, columnsOf(process.stdout))}`);
  }
}

/** Runs over folders have no upload of their own. What cannot be read is said, and hides no transfer. */
async function keptOf(
  pipelines: readonly ListedPipeline[],
  location: AwsLocation,
  { folders, stackName }: ListFlags,
): Promise<KeptList> {
  if (folders) return { kept: [], unknown: [] };
  const found = await withKeptUploads(location, stackName, (uploadsOf) => listKept(pipelines, uploadsOf));
  for (const { partner, reason } of found.unknown)
    process.stderr.write(`${partner}: which parts are kept is not known: ${reason}\n`);
  return found;
}

/** A group has the name of its pipeline. What cannot be read is said, and hides no transfer. */
async function schedulesOf(
  pipelines: readonly ListedPipeline[],
  location: AwsLocation,
): Promise<{ label: string; statuses: ScheduleStatus[] }[]> {
  return withSchedules(location, (schedules, signal) =>
    Promise.all(
      pipelines.map(async ({ label, stateMachineArn }) => {
        const group = parseWorkflowArn(stateMachineArn)?.stateMachineName ?? label;
        try {
          return { label, statuses: (await schedules.list(group, signal)).map(statusOf) };
        } catch (error) {
          // Without a group the partner has no schedules.
          if (error instanceof UsageError) return { label, statuses: [] };
          if (!(error instanceof AwsCallError)) throw error;
          process.stderr.write(`${label}: whether it is paused is not known: ${error.message}\n`);
          return { label, statuses: [] };
        }
      }),
    ),
  );
}

/** Every transfer workflow whose name begins with the stack's; or, of each that has one, its workflow over folders. */
async function pipelinesOfStack(
  stackName: string,
  ofFolders: boolean,
  executions: Executions,
  signal: AbortSignal,
): Promise<ListedPipeline[]> {
  const prefix = pipelineName(stackName, '');
  const machines = await executions.listStateMachines(prefix, signal);
  if (machines.length === 0) {
    throw new UsageError(
      `there is no state machine whose name begins with ${prefix}; is the stack deployed, and are these the right account and region?`,
    );
  }
  const arns = new Map(machines.map(({ name, arn }) => [name, arn]));
  const folderWorkflows = new Set([...arns.keys()].map(folderWorkflowName));
  return [...arns].flatMap(([name, arn]) => {
    if (folderWorkflows.has(name)) return [];
    const stateMachineArn = ofFolders ? arns.get(folderWorkflowName(name)) : arn;
    return stateMachineArn === undefined ? [] : [{ label: name.slice(prefix.length), stateMachineArn }];
  });
}

async function deployedPipelines(
  targets: readonly PipelineTarget[],
  isNamed: boolean,
  executions: Executions,
  signal: AbortSignal,
): Promise<ListedPipeline[]> {
  const pipelines: ListedPipeline[] = [];
  for (const target of targets) {
    try {
      const stateMachineArn = await findStateMachine(target, executions, signal);
      pipelines.push({ label: target.label, stateMachineArn });
    } catch (error) {
      // A partner that was configured and not deployed yet must not hide the others.
      if (isNamed || !(error instanceof UsageError)) throw error;
      process.stderr.write(`${target.label}: ${error.message}\n`);
    }
  }
  return pipelines;
}
