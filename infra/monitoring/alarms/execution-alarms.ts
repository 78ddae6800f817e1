import { counted } from '../../../transfer/text/counted.ts';
import { executionMetric } from '../../metrics.ts';
import { type AlarmDefinition, forAQuarterOfAnHour, HOUR_SECONDS, sumOf } from './alarm-definition.ts';

/** Step Functions holds the partner's executions back. How they end is told by a mail for each that fails. */
export function throttledAlarm(stateMachineArns: readonly string[]): AlarmDefinition {
  return forAQuarterOfAnHour({
    name: 'executions-throttled',
    firstCommand: 'list --status RUNNING',
    meaning:
      'Step Functions held back state transitions for a quarter of an hour: transfers are slow, not lost.',
    signal: sumOf(
      'Throttled',
      stateMachineArns.map((arn) => executionMetric(arn, 'ExecutionThrottled')),
    ),
  });
}

/**
 * For partners with schedules. It is in ALARM from the first deployment to the first success: nothing has
 * succeeded yet.
 * @param withinHours 1 to 168, CloudWatch's longest
 */
export function noSuccessAlarm(stateMachineArn: string, withinHours: number): AlarmDefinition {
  return silenceAlarm({
    name: 'no-successful-transfer',
    firstCommand: 'list PARTNER --limit 10',
    meaning: `No scheduled transfer succeeded in the last ${counted(withinHours, 'hour')}.`,
    stateMachineArn,
    withinHours,
  });
}

/** On while no execution of a state machine has succeeded for so long. */
export function silenceAlarm(silence: {
  name: string;
  firstCommand: string;
  meaning: string;
  stateMachineArn: string;
  withinHours: number;
}): AlarmDefinition {
  const { name, firstCommand, meaning, stateMachineArn, withinHours } = silence;
  return {
    name,
    firstCommand,
    runbook: name,
    meaning,
    signal: {
      label: 'Successful transfers',
      // Periods without data count as 0 themselves; otherwise CloudWatch looks back beyond the range.
      expression: 'FILL(succeeded, 0)',
      metrics: { succeeded: executionMetric(stateMachineArn, 'ExecutionsSucceeded') },
    },
    periodSeconds: HOUR_SECONDS,
    evaluationPeriods: withinHours,
    datapointsToAlarm: withinHours,
    comparison: 'below',
    threshold: 1,
    missingData: 'breaching',
    isState: true,
  };
}
