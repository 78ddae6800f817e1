import { queueMetric, ruleMetric } from '../../metrics.ts';
import { type AlarmDefinition, onCount, sumOf } from './alarm-definition.ts';

/** Events and scheduled starts that did not reach their target. */
export function undeliveredAlarm(deadLetterQueueName: string): AlarmDefinition {
  return onCount({
    name: 'undelivered-events',
    meaning: 'A scheduled start, or the cleanup after a failed transfer, was given up after its retries.',
    signal: queueMetric(deadLetterQueueName),
    isState: true,
  });
}

/** The one alarm that no mail can replace: the mails themselves do not go out. */
export function mailsNotSentAlarm(names: { deadLetterQueue: string; rule: string }): AlarmDefinition {
  return onCount({
    name: 'mails-not-sent',
    firstCommand: 'list --status FAILED --limit 20',
    meaning: 'Something failed, and the mail about it could not be sent.',
    signal: sumOf('Mails not sent', [
      queueMetric(names.deadLetterQueue),
      ruleMetric(names.rule, 'FailedInvocations'),
    ]),
    isState: true,
  });
}
