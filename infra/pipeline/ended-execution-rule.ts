import { CloudwatchEventRule } from '@cdktf/provider-aws/lib/cloudwatch-event-rule/index.js';
import { CloudwatchEventTarget } from '@cdktf/provider-aws/lib/cloudwatch-event-target/index.js';
import { LambdaFunctionEventInvokeConfig } from '@cdktf/provider-aws/lib/lambda-function-event-invoke-config/index.js';
import { LambdaPermission } from '@cdktf/provider-aws/lib/lambda-permission/index.js';
import { Construct } from 'constructs';
import type { DeadLetterQueue } from './dead-letter-queue.ts';
import type { TransferFunction } from './transfer-function.ts';

export interface EndedExecutionRuleProps {
  ruleName: string;
  description: string;
  /** Whose executions: a state machine's ARN, or how the ARNs of several begin. */
  stateMachineArn: string | { prefix: string };
  /** Called with the event. Its role may send to `deadLetters`. */
  handler: TransferFunction;
  deadLetters: DeadLetterQueue;
  /** Calls the function so often besides: a rule may have both. `rate(…)` or `cron(…)`. */
  scheduleExpression?: string | undefined;
}

const MAX_EVENT_AGE_SECONDS = 6 * 3_600;
const MAX_DELIVERY_ATTEMPTS = 100;
/** Lambda's most for an event: it is run three times in all. */
const MAX_RUN_RETRIES = 2;

/**
 * Calls a function for executions that ended without success. What cannot be delivered, and what the function fails at
 * three times, is kept in the queue: EventBridge is content once Lambda took the event, and what fails after that would
 * be lost without a word.
 */
export class EndedExecutionRule extends Construct {
  public readonly ruleName: string;

  constructor(scope: Construct, id: string, props: EndedExecutionRuleProps) {
    super(scope, id);
    const { handler, deadLetters } = props;
    const rule = new CloudwatchEventRule(this, 'rule', {
      name: props.ruleName,
      description: props.description,
      eventPattern: JSON.stringify({
        source: ['aws.states'],
        'detail-type': ['Step Functions Execution Status Change'],
        detail: { status: ['ABORTED', 'TIMED_OUT', 'FAILED'], stateMachineArn: [props.stateMachineArn] },
      }),
      ...(props.scheduleExpression !== undefined && { scheduleExpression: props.scheduleExpression }),
    });
    this.ruleName = rule.name;
    const permission = new LambdaPermission(this, 'permission', {
      functionName: handler.functionName,
      action: 'lambda:InvokeFunction',
      principal: 'events.amazonaws.com',
      sourceArn: rule.arn,
    });
    deadLetters.acceptFromRule(rule.arn);
    new CloudwatchEventTarget(this, 'target', {
      rule: rule.name,
      arn: handler.arn,
      retryPolicy: {
        maximumEventAgeInSeconds: MAX_EVENT_AGE_SECONDS,
        maximumRetryAttempts: MAX_DELIVERY_ATTEMPTS,
      },
      deadLetterConfig: { arn: deadLetters.arn },
      dependsOn: [permission],
    });
    new LambdaFunctionEventInvokeConfig(this, 'failed-runs', {
      functionName: handler.functionName,
      maximumRetryAttempts: MAX_RUN_RETRIES,
      maximumEventAgeInSeconds: MAX_EVENT_AGE_SECONDS,
      destinationConfig: { onFailure: { destination: deadLetters.arn } },
    });
  }
}
