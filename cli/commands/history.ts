import { Command } from 'commander';
import { systemClock } from '../../transfer/clock.ts';
import { fetchFolderRun } from '../fetch-folder-run.ts';
import { fetchTimeline } from '../fetch-timeline.ts';
import { type AwsFlags, addAwsOptions, addFoldersOption } from '../options/aws-options.ts';
import { addExecutionArguments } from '../options/execution-arguments.ts';
import { printLine } from '../print.ts';
import { folderHistoryAsJson, folderHistoryForPeople } from '../results/describe-folder-run.ts';
import { historyAsJson, historyForPeople } from '../results/describe-history.ts';

interface HistoryFlags extends AwsFlags {
  json?: true;
  folders?: true;
}

export function historyCommand(): Command {
  const command = addExecutionArguments(
    new Command('history').description(
      'what happened in a transfer on AWS: its steps, failed attempts by name, slowest chunks',
    ),
  ).option('--json', 'print one JSON object');
  return addAwsOptions(addFoldersOption(command)).action(history);
}

async function history(text: string, name: string | undefined, flags: HistoryFlags): Promise<void> {
  const run = await fetchFolderRun(text, name, flags);
  if (run !== undefined) {
    const show = flags.json
      ? JSON.stringify(folderHistoryAsJson(run.execution, run.events, systemClock.nowMs()))
      : folderHistoryForPeople(run.execution, run.events, systemClock.nowMs());
    return printLine(show);
  }
  const timeline = await fetchTimeline(text, name, flags);
  printLine(flags.json ? JSON.stringify(historyAsJson(timeline)) : historyForPeople(timeline));
}
