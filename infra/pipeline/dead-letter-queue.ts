import { SqsQueue } from '@cdktf/provider-aws/lib/sqs-queue/index.js';
import { SqsQueuePolicy } from '@cdktf/provider-aws/lib/sqs-queue-policy/index.js';
import { Construct } from 'constructs';
import { denyPlainHttp, policyDocument } from '../policy.ts';

/** SQS's longest: an undelivered event is found after a holiday, too. */
const RETENTION_SECONDS = 14 * 24 * 3_600;

/** Keeps what EventBridge and Lambda gave up delivering, for an operator to read. */
export class DeadLetterQueue extends Construct {
  public readonly arn: string;
  public readonly queueName: string;

  readonly #queue: SqsQueue;

  constructor(scope: Construct, id: string, queueName: string) {
    super(scope, id);
    this.#queue = new SqsQueue(this, 'queue', {
      name: queueName,
      messageRetentionSeconds: RETENTION_SECONDS,
      sqsManagedSseEnabled: true,
    });
    this.arn = this.#queue.arn;
    this.queueName = queueName;
  }

  /** Lets an EventBridge rule send; schedules and functions send in the name of their own roles. */
  acceptFromRule(ruleArn: string): void {
    new SqsQueuePolicy(this, 'policy', {
      queueUrl: this.#queue.url,
      policy: policyDocument([
        {
          Sid: 'UndeliveredEvents',
          Principal: { Service: 'events.amazonaws.com' },
          Action: 'sqs:SendMessage',
          Resource: this.arn,
          Condition: { ArnEquals: { 'aws:SourceArn': ruleArn } },
        },
        denyPlainHttp('sqs:*', [this.arn]),
      ]),
    });
  }
}
