import type { Metric } from '../../metrics.ts';
import { type AlarmDefinition, onCount } from './alarm-definition.ts';

/** Events and scheduled starts that did not reach their target. */
export function deliveryAlarms(names: {
  deadLetterQueue: string;
  scheduleGroup?: string;
}): AlarmDefinition[] {
  const undelivered = onCount({
    name: 'undelivered-events',
    meaning: 'A scheduled start, or the cleanup after a stopped transfer, was given up after its retries.',
    signal: {
      namespace: 'AWS/SQS',
      name: 'ApproximateNumberOfMessagesVisible',
      dimensions: { QueueName: names.deadLetterQueue },
      statistic: 'Maximum',
    },
  });
  return names.scheduleGroup === undefined
    ? [undelivered]
    : [undelivered, scheduleFailed(names.scheduleGroup)];
}

function scheduleFailed(scheduleGroup: string): AlarmDefinition {
  const metric = (name: string): Metric => ({
    namespace: 'AWS/Scheduler',
    name,
    dimensions: { ScheduleGroup: scheduleGroup },
    statistic: 'Sum',
  });
  return onCount({
    name: 'schedule-failed',
    meaning: 'The scheduler could not start a transfer.',
    signal: {
      label: 'Failed starts',
      expression: 'FILL(refused, 0) + FILL(dropped, 0)',
      metrics: { refused: metric('TargetErrorCount'), dropped: metric('InvocationDroppedCount') },
    },
  });
}
