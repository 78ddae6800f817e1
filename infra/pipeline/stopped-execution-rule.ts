import { CloudwatchEventRule } from '@cdktf/provider-aws/lib/cloudwatch-event-rule/index.js';
import { CloudwatchEventTarget } from '@cdktf/provider-aws/lib/cloudwatch-event-target/index.js';
import { IamRolePolicy } from '@cdktf/provider-aws/lib/iam-role-policy/index.js';
import { LambdaFunctionEventInvokeConfig } from '@cdktf/provider-aws/lib/lambda-function-event-invoke-config/index.js';
import { LambdaPermission } from '@cdktf/provider-aws/lib/lambda-permission/index.js';
import { Construct } from 'constructs';
import { policyDocument } from '../policy.ts';
import type { DeadLetterQueue } from './dead-letter-queue.ts';
import type { TransferFunction } from './transfer-function.ts';

export interface StoppedExecutionRuleProps {
  ruleName: string;
  stateMachineArn: string;
  abortUpload: TransferFunction;
  deadLetters: DeadLetterQueue;
}

const MAX_EVENT_AGE_SECONDS = 6 * 3_600;
const MAX_DELIVERY_ATTEMPTS = 100;
/**
 * No Catch runs when an execution is stopped or times out; nor in one that fails because its history is full, or with
 * States.DataLimitExceeded or States.Runtime, which States.ALL does not catch. An execution whose Catch did run fails
 * as well, and then AbortUpload finds no upload any more.
 * https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html
 */
const LEAVING_STATUSES = ['ABORTED', 'TIMED_OUT', 'FAILED'] as const;
/** Lambda's most for an event: it is run three times in all. */
const MAX_RUN_RETRIES = 2;

/**
 * Cleans up after executions that ended without their Catch: EventBridge calls AbortUpload, which finds the upload in
 * the execution's history.
 */
export class StoppedExecutionRule extends Construct {
  constructor(scope: Construct, id: string, props: StoppedExecutionRuleProps) {
    super(scope, id);
    const { abortUpload, deadLetters } = props;
    const rule = new CloudwatchEventRule(this, 'rule', {
      name: props.ruleName,
      description: 'Executions that were stopped, timed out or failed may leave an upload behind',
      eventPattern: JSON.stringify({
        source: ['aws.states'],
        'detail-type': ['Step Functions Execution Status Change'],
        detail: { status: [...LEAVING_STATUSES], stateMachineArn: [props.stateMachineArn] },
      }),
    });
    const permission = new LambdaPermission(this, 'permission', {
      functionName: abortUpload.functionName,
      action: 'lambda:InvokeFunction',
      principal: 'events.amazonaws.com',
      sourceArn: rule.arn,
    });
    deadLetters.acceptFromRule(rule.arn);
    new CloudwatchEventTarget(this, 'target', {
      rule: rule.name,
      arn: abortUpload.arn,
      retryPolicy: {
        maximumEventAgeInSeconds: MAX_EVENT_AGE_SECONDS,
        maximumRetryAttempts: MAX_DELIVERY_ATTEMPTS,
      },
      deadLetterConfig: { arn: deadLetters.arn },
      dependsOn: [permission],
    });
    this.keepFailedRuns(abortUpload, deadLetters);
  }

  /** EventBridge is content once Lambda took the event; what fails after that would be lost without a word. */
  private keepFailedRuns(abortUpload: TransferFunction, deadLetters: DeadLetterQueue): void {
    const mayKeep = new IamRolePolicy(this, 'policy', {
      name: 'keep-failed-runs',
      role: abortUpload.roleName,
      policy: policyDocument([
        { Sid: 'KeepFailedRuns', Action: 'sqs:SendMessage', Resource: deadLetters.arn },
      ]),
    });
    new LambdaFunctionEventInvokeConfig(this, 'failed-runs', {
      functionName: abortUpload.functionName,
      maximumRetryAttempts: MAX_RUN_RETRIES,
      maximumEventAgeInSeconds: MAX_EVENT_AGE_SECONDS,
      destinationConfig: { onFailure: { destination: deadLetters.arn } },
      dependsOn: [mayKeep],
    });
  }
}
