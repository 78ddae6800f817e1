import { KmsAlias } from '@cdktf/provider-aws/lib/kms-alias/index.js';
import { KmsKey } from '@cdktf/provider-aws/lib/kms-key/index.js';
import { SnsTopic } from '@cdktf/provider-aws/lib/sns-topic/index.js';
import { SnsTopicPolicy } from '@cdktf/provider-aws/lib/sns-topic-policy/index.js';
import { SnsTopicSubscription } from '@cdktf/provider-aws/lib/sns-topic-subscription/index.js';
import { Construct } from 'constructs';
import { denyPlainHttp, policyDocument } from '../policy.ts';

export interface AlertTopicProps {
  /** First part of every name. */
  name: string;
  accountId: string;
  /** Each confirms its subscription once, by the link in SNS's mail. */
  emails: readonly string[];
  /** Endpoints that confirm subscriptions by themselves. */
  httpsEndpoints: readonly string[];
  /** A key whose policy lets CloudWatch use it. @default a key of its own */
  kmsKeyArn?: string | undefined;
}

const KEY_DELETION_WINDOW_DAYS = 30;
const ALARM_SERVICE = 'cloudwatch.amazonaws.com';

/**
 * Where mails about failures and alarms go. It is encrypted by a key of its own: CloudWatch cannot publish to a topic under the key that
 * AWS manages for SNS (https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html).
 */
export class AlertTopic extends Construct {
  public readonly arn: string;
  /** Its own key; undefined where another was given. */
  public readonly keyArn: string | undefined;

  constructor(scope: Construct, id: string, props: AlertTopicProps) {
    super(scope, id);
    const ownKey = props.kmsKeyArn === undefined ? this.addKey(props) : undefined;
    const kmsMasterKeyId = ownKey?.arn ?? props.kmsKeyArn;
    const topic = new SnsTopic(this, 'topic', {
      name: `${props.name}-alerts`,
      ...(kmsMasterKeyId !== undefined && { kmsMasterKeyId }),
    });
    this.keyArn = ownKey?.arn;
    this.arn = topic.arn;
    new SnsTopicPolicy(this, 'policy', {
      arn: topic.arn,
      policy: policyDocument([
        {
          Sid: 'AlarmsOfThisAccount',
          Principal: { Service: ALARM_SERVICE },
          Action: 'sns:Publish',
          Resource: topic.arn,
          Condition: { StringEquals: { 'aws:SourceAccount': props.accountId } },
        },
        denyPlainHttp('sns:Publish', [topic.arn]),
      ]),
    });
    for (const email of props.emails) {
      new SnsTopicSubscription(this, `email-${email}`, {
        topicArn: topic.arn,
        protocol: 'email',
        endpoint: email,
      });
    }
    for (const endpoint of props.httpsEndpoints) {
      new SnsTopicSubscription(this, `https-${endpoint}`, {
        topicArn: topic.arn,
        protocol: 'https',
        endpoint,
        endpointAutoConfirms: true,
      });
    }
  }

  private addKey({ name, accountId }: AlertTopicProps): KmsKey {
    // In a key's own policy the resource "*" means this key.
    const key = new KmsKey(this, 'key', {
      description: `Encrypts the alerts of ${name}`,
      enableKeyRotation: true,
      deletionWindowInDays: KEY_DELETION_WINDOW_DAYS,
      policy: policyDocument([
        {
          Sid: 'AdministeredByTheAccount',
          Principal: { AWS: `arn:aws:iam::${accountId}:root` },
          Action: 'kms:*',
          Resource: '*',
        },
        {
          Sid: 'UsedByAlarms',
          Principal: { Service: ALARM_SERVICE },
          Action: ['kms:Decrypt', 'kms:GenerateDataKey'],
          Resource: '*',
          Condition: { StringEquals: { 'aws:SourceAccount': accountId } },
        },
      ]),
    });
    new KmsAlias(this, 'key-alias', { name: `alias/${name}-alerts`, targetKeyId: key.keyId });
    return key;
  }
}
