import { Command } from 'commander';
import { fetchTimeline } from '../fetch-timeline.ts';
import { type AwsFlags, addAwsOptions } from '../options/aws-options.ts';
import { addExecutionArguments } from '../options/execution-arguments.ts';
import { printLine } from '../print.ts';
import { historyAsJson, historyForPeople } from '../results/describe-history.ts';

interface HistoryFlags extends AwsFlags {
  json?: true;
}

export function historyCommand(): Command {
  const command = addExecutionArguments(
    new Command('history').description(
      'what happened in a transfer on AWS: its steps, failed attempts by name, slowest chunks',
    ),
  ).option('--json', 'print one JSON object');
  return addAwsOptions(command).action(history);
}

async function history(text: string, name: string | undefined, flags: HistoryFlags): Promise<void> {
  const timeline = await fetchTimeline(text, name, flags);
  printLine(flags.json ? JSON.stringify(historyAsJson(timeline)) : historyForPeople(timeline));
}
