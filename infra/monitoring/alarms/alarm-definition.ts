import type { Metric } from '../../metrics.ts';

/** An alarm as data: what is watched, when it goes off, and what the person it wakes reads first. */
export interface AlarmDefinition {
  /** Unique within its owner (a partner or the network); last part of the alarm's name. */
  name: string;
  /** Stem of its file in docs/runbooks. */
  runbook: string;
  /** What has happened, as one sentence without jargon. */
  meaning: string;
  signal: Metric | MetricExpression;
  periodSeconds: number;
  /** Goes off when `datapointsToAlarm` of the last `evaluationPeriods` cross the threshold. */
  evaluationPeriods: number;
  datapointsToAlarm: number;
  comparison: 'at-least' | 'above' | 'below';
  threshold: number;
  /** `breaching` only where silence itself is the fault. */
  missingData: 'notBreaching' | 'breaching';
}

/** CloudWatch metric math over named metrics. */
export interface MetricExpression {
  label: string;
  expression: string;
  metrics: Readonly<Record<string, Metric>>;
}

export const FIVE_MINUTES_SECONDS = 300;
export const FIFTEEN_MINUTES_SECONDS = 900;
export const HOUR_SECONDS = 3_600;

/** Goes off at the first period in which the metric reaches `threshold`, once by default. */
export function onCount(
  alarm: Pick<AlarmDefinition, 'name' | 'meaning' | 'signal'> &
    Partial<Pick<AlarmDefinition, 'runbook' | 'threshold' | 'periodSeconds'>>,
): AlarmDefinition {
  return {
    runbook: alarm.name,
    periodSeconds: FIVE_MINUTES_SECONDS,
    evaluationPeriods: 1,
    datapointsToAlarm: 1,
    comparison: 'at-least',
    threshold: 1,
    missingData: 'notBreaching',
    ...alarm,
  };
}
