import { executionMetric } from '../../metrics.ts';
import { type AlarmDefinition, HOUR_SECONDS, onCount } from './alarm-definition.ts';

/** How executions of one partner's workflow end. */
export function executionAlarms(stateMachineArn: string): AlarmDefinition[] {
  const metric = (name: string) => executionMetric(stateMachineArn, name);
  return [
    onCount({
      name: 'executions-failed',
      meaning:
        'A transfer failed. Its parts were removed; nothing landed. The execution shows the first error.',
      signal: metric('ExecutionsFailed'),
    }),
    onCount({
      name: 'executions-timed-out',
      meaning:
        'A transfer ran for seven days and was ended. Its upload is removed by the rule for stopped executions.',
      signal: metric('ExecutionsTimedOut'),
    }),
    onCount({
      name: 'executions-aborted',
      meaning: 'Somebody stopped a transfer. Its upload is removed by the rule for stopped executions.',
      signal: metric('ExecutionsAborted'),
    }),
    {
      ...onCount({
        name: 'executions-throttled',
        meaning:
          'Step Functions held back state transitions for a quarter of an hour: transfers are slow, not lost.',
        signal: metric('ExecutionThrottled'),
      }),
      evaluationPeriods: 3,
      datapointsToAlarm: 3,
    },
  ];
}

/**
 * For partners with schedules. It is in ALARM from the first deployment to the first success: nothing has
 * succeeded yet.
 * @param withinHours 1 to 168, CloudWatch's longest
 */
export function noSuccessAlarm(stateMachineArn: string, withinHours: number): AlarmDefinition {
  return silenceAlarm({
    name: 'no-successful-transfer',
    meaning: `No scheduled transfer succeeded in the last ${withinHours} hours.`,
    stateMachineArn,
    withinHours,
  });
}

/** On while no execution of a state machine has succeeded for so long. */
export function silenceAlarm(silence: {
  name: string;
  meaning: string;
  stateMachineArn: string;
  withinHours: number;
}): AlarmDefinition {
  const { name, meaning, stateMachineArn, withinHours } = silence;
  return {
    name,
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
  };
}
