import { executionMetric, transferMetric } from '../../metrics.ts';
import { alarmPanel, graph, type Line, logTable, type Widget } from './widgets.ts';

export interface Overview {
  region: string;
  partners: readonly OverviewPartner[];
  /** Of all partners, the network and the mails. */
  alarmArns: readonly string[];
  /** Of the function that sends mails about failures. */
  failureLogGroupName: string;
}

export interface OverviewPartner {
  name: string;
  stateMachineArn: string;
  /** Undefined where the partner has no folders. */
  folderStateMachineArn: string | undefined;
}

/** CloudWatch shows at most so many alarms in one panel. */
const MAX_PANEL_ALARMS = 100;

/** Each line about a failure that NotifyOutcome logs, whether a mail was sent or not. */
export const FAILURES_QUERY = `fields @timestamp, partner, failed_with, side, what, failures_today, execution_id
| filter ispresent(failed_with)
| sort @timestamp desc
| limit 20`;

/** The first rows, all partners in each: what is wrong now, what runs, how far it is, why it failed and whose side it is. */
export function overviewWidgets({ region, partners, alarmArns, failureLogGroupName }: Overview): Widget[] {
  return [
    alarmPanel('All partners: in alarm now', alarmArns.slice(0, MAX_PANEL_ALARMS), {
      height: 2,
      states: ['ALARM'],
      sortBy: 'stateUpdatedTimestamp',
    }),
    graph(region, 'What runs: started and not ended', partners.map(running)),
    graph(region, 'How far: chunks landed of those planned, %', partners.map(percentLanded)),
    graph(region, 'How fast: MiB/s', partners.map(throughput)),
    logTable(
      region,
      'Why it failed, and whose side it is: newest first',
      failureLogGroupName,
      FAILURES_QUERY,
    ),
  ];
}

/** Ids are unique within a graph, in which every partner has its own: they cannot contain a name's hyphens. */
function idOf(index: number, what: string): string {
  return `${what}${index}`;
}

const ENDS = ['ExecutionsSucceeded', 'ExecutionsFailed', 'ExecutionsTimedOut', 'ExecutionsAborted'];

/** Of what was started within the view. */
function running({ name, stateMachineArn, folderStateMachineArn }: OverviewPartner, index: number): Line {
  const machines = [stateMachineArn, ...(folderStateMachineArn ? [folderStateMachineArn] : [])];
  const metricsOf = (metric: string, what: string) =>
    machines.map(
      (arn, machine) => [idOf(index, `${what}${machine}p`), executionMetric(arn, metric)] as const,
    );
  const started = metricsOf('ExecutionsStarted', 'started');
  const ended = ENDS.flatMap((end, number) => metricsOf(end, `ended${number}m`));
  const sum = (metrics: readonly (readonly [string, unknown])[], sign: string) =>
    metrics.map(([id]) => `${sign} FILL(${id}, 0)`).join(' ');
  return {
    expression: {
      label: name,
      expression: `RUNNING_SUM(0 ${sum(started, '+')} ${sum(ended, '-')})`,
      metrics: Object.fromEntries([...started, ...ended]),
    },
  };
}

/** A transfer that goes on with kept parts has planned them before: then it is more than 100. */
function percentLanded({ name }: OverviewPartner, index: number): Line {
  const [landed, planned] = [idOf(index, 'landed'), idOf(index, 'planned')];
  return {
    expression: {
      label: name,
      expression: `100 * RUNNING_SUM(FILL(${landed}, 0)) / RUNNING_SUM(FILL(${planned}, 0))`,
      metrics: {
        [landed]: transferMetric(name, 'ChunkSeconds', 'SampleCount'),
        [planned]: transferMetric(name, 'ChunksPlanned', 'Sum'),
      },
    },
  };
}

function throughput({ name }: OverviewPartner, index: number): Line {
  const bytes = idOf(index, 'bytes');
  return {
    expression: {
      label: name,
      expression: `FILL(${bytes}, 0) / PERIOD(${bytes}) / 1048576`,
      metrics: { [bytes]: transferMetric(name, 'BytesTransferred', 'Sum') },
    },
  };
}
