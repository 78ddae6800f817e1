import { CloudwatchLogGroup } from '@cdktf/provider-aws/lib/cloudwatch-log-group/index.js';
import { DynamodbTable } from '@cdktf/provider-aws/lib/dynamodb-table/index.js';
import { IamRolePolicy } from '@cdktf/provider-aws/lib/iam-role-policy/index.js';
import { SecretsmanagerSecret } from '@cdktf/provider-aws/lib/secretsmanager-secret/index.js';
import { SnsTopic } from '@cdktf/provider-aws/lib/sns-topic/index.js';
import { SqsQueue } from '@cdktf/provider-aws/lib/sqs-queue/index.js';
import type { IConstruct } from 'constructs';
import { policyDocument, type Statement } from '../policy.ts';

/**
 * What a role needs of the key to do what its statements allow, by the service that encrypts:
 * https://docs.aws.amazon.com/secretsmanager/latest/userguide/security-encryption.html
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/encryption.usagenotes.html
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html
 * https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html
 */
const KEY_ACTIONS: readonly { may: RegExp; service: string; actions: readonly string[] }[] = [
  { may: /^secretsmanager:/, service: 'secretsmanager', actions: ['kms:Decrypt'] },
  { may: /^dynamodb:/, service: 'dynamodb', actions: ['kms:Decrypt'] },
  { may: /^sns:Publish$/, service: 'sns', actions: ['kms:Decrypt', 'kms:GenerateDataKey'] },
  { may: /^sqs:SendMessage$/, service: 'sqs', actions: ['kms:Decrypt', 'kms:GenerateDataKey'] },
];

/**
 * Encrypts logs, queues, topics, secrets and the ledger by the key, and lets roles use it through the services whose
 * encrypted resources they may use. AWS's own services are let in by the key's policy: docs/kms-key-policy.json.
 */
export function encrypt(node: IConstruct, kmsKeyArn: string, region: string): void {
  if (node instanceof CloudwatchLogGroup) node.kmsKeyId = kmsKeyArn;
  if (node instanceof SecretsmanagerSecret) node.kmsKeyId = kmsKeyArn;
  if (node instanceof DynamodbTable) node.putServerSideEncryption({ enabled: true, kmsKeyArn });
  if (node instanceof SnsTopic) node.kmsMasterKeyId = kmsKeyArn;
  if (node instanceof SqsQueue) {
    node.resetSqsManagedSseEnabled();
    node.kmsMasterKeyId = kmsKeyArn;
  }
  if (node instanceof IamRolePolicy && node.policyInput !== undefined) {
    node.policy = withKey(node.policyInput, kmsKeyArn, region);
  }
}

function withKey(policy: string, kmsKeyArn: string, region: string): string {
  const { Statement: statements } = JSON.parse(policy) as { Statement: Statement[] };
  const allowed = statements.filter(({ Effect }) => Effect !== 'Deny').flatMap(({ Action }) => Action);
  const added = KEY_ACTIONS.filter(({ may }) => allowed.some((action) => may.test(action))).map(
    ({ service, actions }): Statement => ({
      Sid: `UseStackKey${service}`,
      Action: actions,
      Resource: kmsKeyArn,
      Condition: { StringEquals: { 'kms:ViaService': `${service}.${region}.amazonaws.com` } },
    }),
  );
  return added.length === 0 ? policy : policyDocument([...statements, ...added]);
}
