import { Command } from 'commander';
import { fetchTimeline } from '../fetch-timeline.ts';
import { type AwsFlags, addAwsOptions } from '../options/aws-options.ts';
import { printLine } from '../print.ts';
import { historyAsJson, historyForPeople } from '../results/describe-history.ts';

interface HistoryFlags extends AwsFlags {
  json?: true;
}

export function historyCommand(): Command {
  const command = new Command('history')
    .description('what happened in a transfer on AWS: its steps, failed attempts by name, slowest chunks')
    .argument('<execution>', "an execution's ARN, or a partner, whose newest transfer is meant")
    .option('--json', 'print one JSON object');
  return addAwsOptions(command).action(history);
}

async function history(text: string, flags: HistoryFlags): Promise<void> {
  const timeline = await fetchTimeline(text, flags);
  printLine(flags.json ? JSON.stringify(historyAsJson(timeline)) : historyForPeople(timeline));
}
