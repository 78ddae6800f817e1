import { functionMetric } from '../metrics.ts';
import type { AlarmDefinition } from '../monitoring/alarms/alarm-definition.ts';

/** Three evaluations. */
const PERIOD_SECONDS = 900;

/** An alarm for silence: the function does not start, or fails each time. */
export function evaluationAlarm(functionName: string): AlarmDefinition {
  return {
    name: 'expectations-not-evaluated',
    runbook: 'expectations-not-evaluated',
    meaning:
      'For half an hour nobody has looked whether expected files have landed: a late one would not be told.',
    signal: {
      label: 'Evaluations that came to their end',
      expression: 'FILL(calls, 0) - FILL(failed, 0)',
      metrics: {
        calls: functionMetric(functionName, 'Invocations'),
        failed: functionMetric(functionName, 'Errors'),
      },
    },
    periodSeconds: PERIOD_SECONDS,
    evaluationPeriods: 2,
    datapointsToAlarm: 2,
    comparison: 'below',
    threshold: 1,
    missingData: 'breaching',
    isState: true,
  };
}
