import { CloudwatchMetricAlarm } from '@cdktf/provider-aws/lib/cloudwatch-metric-alarm/index.js';
import { Construct } from 'constructs';
import { RUNBOOK_FOLDER } from '../../transfer/runbook.ts';
import type { Metric } from '../metrics.ts';
import type { AlarmDefinition } from './alarms/alarm-definition.ts';

export interface AlarmProps {
  /** Stands before the definition's name, with a hyphen. */
  namePrefix: string;
  definition: AlarmDefinition;
  stackName: string;
  region: string;
  /** Whose alarm it is. @default the stack's */
  partner?: { name: string; contact?: string | undefined } | undefined;
  /** Notified when the alarm goes off, and when a state is over. */
  topicArn: string;
  /** Where runbooks can be read in a browser. @default their path in the repository */
  runbookBaseUrl?: string | undefined;
}

const COMPARISONS = {
  'at-least': 'GreaterThanOrEqualToThreshold',
  above: 'GreaterThanThreshold',
  below: 'LessThanThreshold',
} as const;

/** A CloudWatch alarm whose text says what happened, what to do first, and which runbook to open. */
export class Alarm extends Construct {
  public readonly arn: string;

  constructor(scope: Construct, id: string, props: AlarmProps) {
    super(scope, id);
    const { definition, topicArn, runbookBaseUrl = RUNBOOK_FOLDER } = props;
    const alarm = new CloudwatchMetricAlarm(this, 'alarm', {
      alarmName: `${props.namePrefix}-${definition.name}`,
      alarmDescription: [
        definition.meaning,
        ...adviceOf(props),
        `Runbook: ${runbookBaseUrl}/${definition.runbook}.md`,
      ].join('\n'),
      ...signalOf(definition),
      evaluationPeriods: definition.evaluationPeriods,
      datapointsToAlarm: definition.datapointsToAlarm,
      comparisonOperator: COMPARISONS[definition.comparison],
      threshold: definition.threshold,
      treatMissingData: definition.missingData,
      alarmActions: [topicArn],
      ...(definition.isState && { okActions: [topicArn] }),
    });
    this.arn = alarm.arn;
  }
}

/** Ready to be copied at 03:00: the first command of the runbook, and whom to call. */
function adviceOf({ definition, stackName, region, partner }: AlarmProps): string[] {
  const command = definition.firstCommand?.replace('PARTNER', partner?.name ?? '');
  return [
    ...(command === undefined
      ? []
      : [`First command: npx sftp-to-s3 ${command} --stack-name ${stackName} --region ${region}`]),
    ...(partner?.contact === undefined ? [] : [`Contact of the partner: ${partner.contact}`]),
  ];
}

function signalOf({ signal, periodSeconds }: AlarmDefinition) {
  if (!('expression' in signal)) return metricFields(signal, periodSeconds);
  const inputs = Object.entries(signal.metrics).map(([id, metric]) => {
    const { statistic: stat, ...fields } = metricFields(metric, periodSeconds);
    return { id, metric: { ...fields, stat } };
  });
  const result = { id: 'result', expression: signal.expression, label: signal.label, returnData: true };
  return { metricQuery: [result, ...inputs] };
}

function metricFields({ namespace, name, dimensions, statistic }: Metric, period: number) {
  return { namespace, metricName: name, dimensions, statistic, period };
}
