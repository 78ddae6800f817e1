import { CloudwatchMetricAlarm } from '@cdktf/provider-aws/lib/cloudwatch-metric-alarm/index.js';
import { Construct } from 'constructs';
import { RUNBOOK_FOLDER } from '../../transfer/runbook.ts';
import type { Metric } from '../metrics.ts';
import type { AlarmDefinition } from './alarms/alarm-definition.ts';

export interface AlarmProps {
  /** Stands before the definition's name, with a hyphen. */
  namePrefix: string;
  definition: AlarmDefinition;
  /** Lines between the alarm's meaning and its runbook. @default none */
  advice?: readonly string[] | undefined;
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
        ...(props.advice ?? []),
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
