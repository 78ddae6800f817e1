import { SFNClient } from '@aws-sdk/client-sfn';
import { Command } from 'commander';
import { systemClock } from '../../lambdas/shared/adapters/system-clock.ts';
import { printLine } from '../print.ts';
import { buildReport } from '../report/build-report.ts';
import { timelineOfExecution } from '../report/execution-timeline.ts';
import { fetchExecution } from '../report/fetch-execution.ts';
import { openReportFile } from '../report/report-file.ts';
import { UsageError } from '../usage-error.ts';

interface ReportFlags {
  output: string;
  endpointUrl?: string;
  region?: string;
}

export function reportCommand(): Command {
  return new Command('report')
    .description('write one HTML page about an execution: timeline of its chunks, slowest chunks, errors')
    .argument('<execution>', 'ARN of an execution of the deployed workflow, running or over')
    .requiredOption('--output <file>', 'where the page is written')
    .option('--endpoint-url <url>', 'any Step Functions endpoint instead of AWS')
    .option('--region <region>', "AWS region (default: the ARN's)")
    .action(report);
}

async function report(executionArn: string, flags: ReportFlags): Promise<void> {
  const region = flags.region ?? regionOf(executionArn);
  const client = new SFNClient({
    region,
    ...(flags.endpointUrl === undefined ? {} : { endpoint: flags.endpointUrl }),
  });
  const file = await openReportFile(flags.output);
  try {
    const { execution, events } = await fetchExecution(client, executionArn);
    await file.write(buildReport(timelineOfExecution(execution, events, systemClock.nowMs())));
  } finally {
    await file.close();
    client.destroy();
  }
  printLine(`Report: ${flags.output}`);
}

/** @throws UsageError */
function regionOf(executionArn: string): string {
  const match = /^arn:[a-z-]+:states:([a-z0-9-]+):\d{12}:(?:express|execution):/.exec(executionArn);
  if (match?.[1] === undefined) {
    throw new UsageError(`${JSON.stringify(executionArn)} is not the ARN of an execution`);
  }
  return match[1];
}
