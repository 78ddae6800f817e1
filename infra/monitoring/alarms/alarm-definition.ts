import type { Metric } from '../../metrics.ts';

/** An alarm as data: what is watched, when it goes off, and what the person it wakes reads first. */
export interface AlarmDefinition {
  /** Unique within its owner (a partner or the network); last part of the alarm's name. */
  name: string;
  /** Stem of its file in docs/runbooks. */
  runbook: string;
  /** What has happened, as one sentence without jargon. */
  meaning: string;
  /** The runbook's, after `npx sftp-to-s3`; PARTNER is the partner's name. Absent where the first command is not ours. */
  firstCommand?: string;
  signal: Metric | MetricExpression;
  periodSeconds: number;
  /** Goes off when `datapointsToAlarm` of the last `evaluationPeriods` cross the threshold. */
  evaluationPeriods: number;
  datapointsToAlarm: number;
  comparison: 'at-least' | 'above' | 'below';
  threshold: number;
  /** `breaching` only where silence itself is the fault. */
  missingData: 'notBreaching' | 'breaching';
  /** Whether it watches a state, whose end is worth a mail. A count of events falls back to 0 with nothing repaired. */
  isState: boolean;
}

/** CloudWatch metric math over named metrics. */
export interface MetricExpression {
  label: string;
  expression: string;
  metrics: Readonly<Record<string, Metric>>;
}

export const FIVE_MINUTES_SECONDS = 300;
export const HOUR_SECONDS = 3_600;

/** Goes off at the first period in which the metric reaches `threshold`, once by default. */
export function onCount(
  alarm: Pick<AlarmDefinition, 'name' | 'meaning' | 'signal'> &
    Partial<Pick<AlarmDefinition, 'runbook' | 'threshold' | 'periodSeconds' | 'isState' | 'firstCommand'>>,
): AlarmDefinition {
  return {
    runbook: alarm.name,
    periodSeconds: FIVE_MINUTES_SECONDS,
    evaluationPeriods: 1,
    datapointsToAlarm: 1,
    comparison: 'at-least',
    threshold: 1,
    missingData: 'notBreaching',
    isState: false,
    ...alarm,
  };
}

/** On while something is counted in each of three periods of five minutes: a state, not a hiccup. */
export function forAQuarterOfAnHour(
  alarm: Pick<AlarmDefinition, 'name' | 'meaning' | 'signal' | 'firstCommand'>,
): AlarmDefinition {
  return { ...onCount(alarm), evaluationPeriods: 3, datapointsToAlarm: 3, isState: true };
}

/** An alarm may watch so many metrics: docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch_limits.html */
const MAX_METRICS = 10;

/** The sum of several metrics, each 0 where it has no data. @throws Error with more metrics than an alarm may watch */
export function sumOf(label: string, metrics: readonly Metric[]): MetricExpression {
  return combined(label, metrics, (terms) => terms.join(' + '));
}

/** The largest of several metrics, each as a share of its own limit. @throws Error as `sumOf` */
export function largestShare(
  label: string,
  limited: readonly { metric: Metric; limit: number }[],
): MetricExpression {
  return combined(
    label,
    limited.map(({ metric }) => metric),
    (terms) => `MAX([${terms.map((term, index) => `${term} / ${limited[index]?.limit}`).join(', ')}])`,
  );
}

function combined(
  label: string,
  metrics: readonly Metric[],
  expressionOf: (terms: string[]) => string,
): MetricExpression {
  if (metrics.length > MAX_METRICS)
    throw new Error(`${label}: an alarm watches at most ${MAX_METRICS} metrics, not ${metrics.length}`);
  const named = metrics.map((metric, index) => [`m${index + 1}`, metric] as const);
  return {
    label,
    expression: expressionOf(named.map(([id]) => `FILL(${id}, 0)`)),
    metrics: Object.fromEntries(named),
  };
}
