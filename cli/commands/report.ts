import { Command } from 'commander';
import { fetchTimeline } from '../fetch-timeline.ts';
import { type AwsFlags, addAwsOptions } from '../options/aws-options.ts';
import { addExecutionArguments } from '../options/execution-arguments.ts';
import { printLine } from '../print.ts';
import { buildReport } from '../report/build-report.ts';
import { openReportFile } from '../report/report-file.ts';

interface ReportFlags extends AwsFlags {
  output: string;
}

export function reportCommand(): Command {
  const command = addExecutionArguments(
    new Command('report').description(
      'write one HTML page about a transfer on AWS: timeline of its chunks, slowest chunks, errors',
    ),
  ).requiredOption('--output <file>', 'where the page is written (required)');
  return addAwsOptions(command).action(report);
}

async function report(text: string, name: string | undefined, flags: ReportFlags): Promise<void> {
  const page = buildReport(await fetchTimeline(text, name, flags));
  const file = await openReportFile(flags.output);
  try {
    await file.write(page);
  } finally {
    await file.discard();
  }
  printLine(`Report: ${flags.output}`);
}
