import { GUIDED_ERROR_NAMES } from '../../../transfer/failure-guide.ts';
import { UNEXPECTED_ERROR_METRIC } from '../../../transfer/telemetry.ts';
import { executionMetric, functionMetric, transferMetric } from '../../metrics.ts';
import { graph, type Widget } from './widgets.ts';

export interface PartnerPanel {
  region: string;
  partner: string;
  stateMachineArn: string;
  downloadFunctionName: string;
  /** Whether finished parts of transfers that failed are kept. */
  keepsParts: boolean;
  /** Undefined where the partner has no folders. */
  folderStateMachineArn?: string | undefined;
}

/** The graphs of one partner: how its transfers end, how fast they are, what goes wrong. */
export function partnerGraphs({
  region,
  partner,
  stateMachineArn,
  downloadFunctionName,
  keepsParts,
  folderStateMachineArn,
}: PartnerPanel): Widget[] {
  const executions = (name: string, label: string) => ({
    metric: executionMetric(stateMachineArn, name),
    label,
  });
  const ours = (name: string, statistic: string, label = statistic) => ({
    metric: transferMetric(partner, name, statistic),
    label,
  });
  const download = (name: string, statistic: string, label: string) => ({
    metric: functionMetric(downloadFunctionName, name, statistic),
    label,
  });
  return [
    graph(region, `${partner}: transfers`, [
      executions('ExecutionsStarted', 'started'),
      executions('ExecutionsSucceeded', 'succeeded'),
      executions('ExecutionsFailed', 'failed'),
      executions('ExecutionsTimedOut', 'timed out'),
      executions('ExecutionsAborted', 'stopped'),
    ]),
    graph(region, `${partner}: progress`, [ours('ChunkSeconds', 'SampleCount', 'chunks landed')]),
    graph(region, `${partner}: throughput`, [
      {
        expression: {
          label: 'MiB/s',
          expression: 'FILL(landed, 0) / PERIOD(landed) / 1048576',
          metrics: { landed: transferMetric(partner, 'BytesTransferred', 'Sum') },
        },
      },
    ]),
    graph(region, `${partner}: seconds for a chunk`, [
      ours('ChunkSeconds', 'p50'),
      ours('ChunkSeconds', 'p95'),
    ]),
    graph(region, `${partner}: sessions and channels`, [
      download('ConcurrentExecutions', 'Maximum', 'sessions'),
      download('Throttles', 'Sum', 'turned away'),
      ours('Channels', 'Maximum', 'channels of a session'),
      ours('RefusedChannels', 'Sum', 'channels refused'),
    ]),
    graph(region, `${partner}: connecting, and retries`, [
      ours('ConnectMilliseconds', 'p50', 'connect ms, p50'),
      ours('ConnectMilliseconds', 'p95', 'connect ms, p95'),
      ours('Retries', 'Sum', 'retries'),
      ours('PreviousSecretUsed', 'Sum', 'logins by the previous secret'),
    ]),
    graph(
      region,
      `${partner}: errors by name`,
      [...GUIDED_ERROR_NAMES, UNEXPECTED_ERROR_METRIC].map((errorName) => ours(errorName, 'Sum', errorName)),
    ),
    ...(keepsParts
      ? [graph(region, `${partner}: kept parts`, [ours('SuspendedBytes', 'Maximum', 'bytes, paid for')])]
      : []),
    ...(folderStateMachineArn === undefined ? [] : folderGraphs(region, partner, folderStateMachineArn)),
  ];
}

/** How runs over the partner's folders end, and what becomes of the files in them. */
function folderGraphs(region: string, partner: string, stateMachineArn: string): Widget[] {
  const runs = (name: string, label: string) => ({ metric: executionMetric(stateMachineArn, name), label });
  const files = (name: string, label: string, statistic = 'Sum') => ({
    metric: transferMetric(partner, name, statistic),
    label,
  });
  return [
    graph(region, `${partner}: folder runs`, [
      runs('ExecutionsStarted', 'started'),
      runs('ExecutionsSucceeded', 'succeeded'),
      runs('ExecutionsFailed', 'failed'),
      runs('ExecutionsAborted', 'stopped'),
    ]),
    graph(region, `${partner}: files of folders`, [
      files('FilesListed', 'listed', 'Maximum'),
      files('FilesLanded', 'landed'),
      files('FilesFailed', 'failed'),
      files('FilesOverdue', 'never ready', 'Maximum'),
      files('SourcesLeft', 'not moved or removed', 'Maximum'),
    ]),
  ];
}
