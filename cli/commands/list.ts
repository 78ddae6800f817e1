import { Command, Option } from 'commander';
import { systemClock } from '../../transfer/clock.ts';
import { allPipelineTargets, findStateMachine, parsePipelineTarget } from '../deployed/find-target.ts';
import { type ListedPipeline, listTransfers } from '../deployed/list-transfers.ts';
import { withExecutions } from '../deployed/with-executions.ts';
import { textTable } from '../format/text-table.ts';
import { type AwsFlags, addAwsOptions } from '../options/aws-options.ts';
import { countBetween } from '../options/transfer-options.ts';
import { printLine } from '../print.ts';
import { LISTING_TITLES, listedAsJson, listedCells } from '../results/describe-list.ts';
import { UsageError } from '../usage-error.ts';

const DEFAULT_LIMIT = 20;
const MAX_LIMIT = 500;
const STATUSES = ['RUNNING', 'SUCCEEDED', 'FAILED', 'TIMED_OUT', 'ABORTED'] as const;

interface ListFlags extends AwsFlags {
  limit: number;
  status?: (typeof STATUSES)[number];
  json?: true;
}

export function listCommand(): Command {
  const command = new Command('list')
    .description('the last transfers on AWS: when, outcome, duration, rate, error')
    .argument(
      '[partner]',
      "a partner, or its state machine's ARN (default: all partners of the configuration)",
    )
    .option('--limit <count>', 'transfers to show', countBetween(1, MAX_LIMIT), DEFAULT_LIMIT)
    .addOption(new Option('--status <status>', 'only these').choices(STATUSES))
    .option('--json', 'print one JSON object');
  return addAwsOptions(command).action(list);
}

async function list(partner: string | undefined, flags: ListFlags): Promise<void> {
  const targets =
    partner === undefined
      ? allPipelineTargets(flags.stackName)
      : [parsePipelineTarget(partner, flags.stackName)];
  const location = { region: flags.region ?? targets[0]?.region, endpoint: flags.endpointUrl };
  const { limit, status } = flags;
  const transfers = await withExecutions(location, 'Stopped.', async (executions, signal) => {
    const pipelines: ListedPipeline[] = [];
    for (const target of targets) {
      try {
        pipelines.push({
          label: target.label,
          stateMachineArn: await findStateMachine(target, executions, signal),
        });
      } catch (error) {
        // A partner that was configured and not deployed yet must not hide the others.
        if (partner !== undefined || !(error instanceof UsageError)) throw error;
        process.stderr.write(`${target.label}: ${error.message}\n`);
      }
    }
    return listTransfers(pipelines, { limit, status }, { executions, clock: systemClock }, signal);
  });
  if (flags.json) printLine(JSON.stringify({ transfers: transfers.map(listedAsJson) }));
  else if (transfers.length === 0) printLine('No transfers.');
  else printLine(textTable(LISTING_TITLES, transfers.map(listedCells)));
}
