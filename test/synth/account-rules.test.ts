import { readFileSync } from 'node:fs';
import path from 'node:path';
import { CloudwatchMetricAlarm } from '@cdktf/provider-aws/lib/cloudwatch-metric-alarm/index.js';
import { IamRole } from '@cdktf/provider-aws/lib/iam-role/index.js';
import { IamRolePolicy } from '@cdktf/provider-aws/lib/iam-role-policy/index.js';
import { LambdaFunction } from '@cdktf/provider-aws/lib/lambda-function/index.js';
import { escapeReferences, partner, type Resource, schedule, statements, synthesise } from './synthesised.ts';

const KEY = 'arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab';
const everything = { network: { flowLogs: true }, partners: [partner({ schedules: [schedule()] })] };
const plain = synthesise(everything);

describe('roles', () => {
  const boundary = 'arn:aws:iam::111122223333:policy/teams/boundary';
  const restricted = synthesise({
    ...everything,
    roles: { permissionsBoundaryArn: boundary, path: '/teams/data/', namePrefix: 'corp-' },
  });

  test('all of them have the boundary, the path and the prefix', () => {
    const names = Object.values(plain.all(IamRole.tfResourceType)).map(({ name }) => name);
    const roles = Object.values(restricted.all(IamRole.tfResourceType));
    expect(roles.map(({ name }) => name)).toEqual(names.map((name) => `corp-${name}`));
    for (const role of roles) {
      expect(role).toMatchObject({ permissions_boundary: boundary, path: '/teams/data/' });
    }
  });

  test('without rules they are as they were', () => {
    for (const role of Object.values(plain.all(IamRole.tfResourceType))) {
      expect(role).not.toHaveProperty('permissions_boundary');
      expect(role).not.toHaveProperty('path');
    }
  });

  test('the rules change nothing else', () => {
    const { aws_iam_role: _before, ...others } = plain.json.resource;
    const { aws_iam_role: _after, ...othersAfter } = restricted.json.resource;
    expect(othersAfter).toEqual(others);
  });
});

describe("the account's key", () => {
  const encrypted = synthesise({ ...everything, encryption: { kmsKeyArn: KEY } });

  /** What can be encrypted by a key, and the attribute that says so. */
  const KEY_ATTRIBUTES: Readonly<Record<string, (resource: Resource) => unknown>> = {
    aws_cloudwatch_log_group: ({ kms_key_id }) => kms_key_id,
    aws_sqs_queue: ({ kms_master_key_id }) => kms_master_key_id,
    aws_sns_topic: ({ kms_master_key_id }) => kms_master_key_id,
    aws_secretsmanager_secret: ({ kms_key_id }) => kms_key_id,
    aws_dynamodb_table: ({ server_side_encryption }) => server_side_encryption?.kms_key_arn,
  };

  test.each(Object.keys(KEY_ATTRIBUTES))('encrypts every %s', (type) => {
    for (const resource of Object.values(encrypted.all(type))) {
      expect(KEY_ATTRIBUTES[type]?.(resource)).toBe(KEY);
    }
  });

  test('takes the place of the key that the stack would make, and of SQS-managed encryption', () => {
    expect(encrypted.has('aws_kms_key')).toBe(false);
    expect(encrypted.has('aws_kms_alias')).toBe(false);
    for (const queue of Object.values(encrypted.all('aws_sqs_queue'))) {
      expect(queue).not.toHaveProperty('sqs_managed_sse_enabled');
    }
  });

  /** Services through which each role may use the key. */
  const servicesOf = (part: string) =>
    statements(encrypted)
      .filter(({ owner, statement }) => owner.includes(part) && statement.Resource === KEY)
      .map(({ statement }) => [statement.Condition.StringEquals['kms:ViaService'], statement.Action]);

  test.each([
    ['acme_download-segment_policy', ['secretsmanager']],
    ['acme_reserve-sessions_policy', ['dynamodb']],
    ['acme_schedules_policy', ['sqs']],
    ['acme_abort-upload_policy', ['sqs']],
    ['outcome-mails_notify-outcome_policy', ['sns', 'sqs']],
    ['acme_create-file-chunks_policy', []],
    ['acme_workflow_policy', []],
  ])('%s may use it through %s, and through nothing else', (role, services) => {
    expect(servicesOf(role)).toEqual(
      services.map((service) => [
        `${service}.eu-west-1.amazonaws.com`,
        ['sns', 'sqs'].includes(service) ? ['kms:Decrypt', 'kms:GenerateDataKey'] : ['kms:Decrypt'],
      ]),
    );
  });

  test('every role that may use something encrypted may use the key through its service', () => {
    const policies = Object.values(encrypted.all(IamRolePolicy.tfResourceType)).map(
      ({ policy }) => JSON.parse(escapeReferences(policy)).Statement as Resource[],
    );
    for (const policy of policies) {
      const actions = policy
        .filter(({ Effect }) => Effect === 'Allow')
        .flatMap(({ Action }) => Action as string);
      const via = policy.flatMap(({ Condition }) => Condition?.StringEquals?.['kms:ViaService'] ?? []);
      for (const service of ['secretsmanager', 'dynamodb', 'sns', 'sqs']) {
        const uses = actions.some((action) => action.startsWith(`${service}:`));
        expect(via.includes(`${service}.eu-west-1.amazonaws.com`)).toBe(uses);
      }
    }
  });

  test('its policy in the documents lets in every service of AWS that writes to what it encrypts', () => {
    const file = path.join(import.meta.dirname, '../../docs/kms-key-policy.json');
    const document = JSON.parse(readFileSync(file, 'utf8')) as { Statement: Resource[] };
    const principals = document.Statement.flatMap(({ Principal }) => Principal.Service ?? []);
    const senders = statements(encrypted)
      .filter(
        ({ owner, statement }) =>
          /^aws_(sqs_queue|sns_topic)_policy/.test(owner) && statement.Effect === 'Allow',
      )
      .map(({ statement }) => statement.Principal.Service);
    expect(principals).toEqual(expect.arrayContaining([...new Set(senders)]));
    expect(principals).toContain('logs.eu-central-1.amazonaws.com');
  });
});

describe('tags', () => {
  const tags = { 'cost-centre': '4711', owner: 'data' };
  const tagged = synthesise({ ...everything, tags });

  test('are on everything that can have them: no resource has another provider, or a value of its own for a key', () => {
    expect(tagged.json.provider.aws).toEqual([{ region: 'eu-west-1', default_tags: [{ tags }] }]);
    for (const resources of Object.values<Record<string, Resource>>(tagged.json.resource)) {
      for (const resource of Object.values(resources)) {
        expect(resource).not.toHaveProperty('provider');
        expect(Object.keys(resource.tags ?? {}).filter((key) => key !== 'Name')).toEqual([]);
      }
    }
  });
});

describe('a landing bucket that exists', () => {
  const inExisting = (existing: object) =>
    synthesise({ ...everything, landingBucket: { existing, kmsKeyArn: KEY } });
  const stack = inExisting({ name: 'data-lake' });

  test('is read and left as it is, and one of another region fails the plan', () => {
    expect(Object.keys(stack.json.resource).filter((type) => type.startsWith('aws_s3_'))).toEqual([]);
    expect(Object.values(stack.json.data.aws_s3_bucket)).toEqual([
      expect.objectContaining({
        bucket: 'data-lake',
        lifecycle: {
          postcondition: [expect.objectContaining({ condition: `\${self.bucket_region == "eu-west-1"}` })],
        },
      }),
    ]);
  });

  test('is where files land, and what the functions may write to, with its key', () => {
    expect(
      stack.one(LambdaFunction.tfResourceType, 'get-file-metadata').environment.variables.LANDING_BUCKET,
    ).toBe('data-lake');
    expect(stack.json.output.landing_bucket.value).toBe('data-lake');
    const ofDownload = statements(stack).filter(({ owner }) =>
      owner.includes('acme_download-segment_policy'),
    );
    const [upload] = ofDownload.filter(({ statement }) => statement.Sid === 'UploadParts');
    expect(upload?.statement.Resource).toEqual(['arn:aws:s3:::data-lake/*']);
    expect(ofDownload.map(({ statement }) => statement.Sid)).toContain('UseBucketKeys');
  });

  test("of another account is that account's in every permission, and is not looked at in the plan", () => {
    const elsewhere = inExisting({ name: 'data-lake', accountId: '999988887777' });
    expect(elsewhere.json.data.aws_s3_bucket).toBeUndefined();
    const owners = statements(elsewhere).flatMap(
      ({ statement }) => statement.Condition?.StringEquals?.['aws:ResourceAccount'] ?? [],
    );
    expect(new Set(owners.filter((owner) => !owner.startsWith('$')))).toEqual(new Set(['999988887777']));
  });
});

test('an alert topic that exists gets every alarm, and the stack makes none, nor a key for it', () => {
  const existingTopicArn = 'arn:aws:sns:eu-west-1:111122223333:on-call';
  const stack = synthesise({ ...everything, alerts: { existingTopicArn } });
  for (const type of ['aws_sns_topic', 'aws_sns_topic_policy', 'aws_sns_topic_subscription', 'aws_kms_key']) {
    expect(stack.has(type)).toBe(false);
  }
  for (const alarm of Object.values(stack.all(CloudwatchMetricAlarm.tfResourceType))) {
    expect(alarm.alarm_actions).toEqual([existingTopicArn]);
  }
  expect(stack.json.output.alert_topic_arn.value).toBe(existingTopicArn);
});

test.each(['arm64', 'x86_64'])('every function runs on %s when that is the architecture', (architecture) => {
  const stack = synthesise({ ...everything, functions: { architecture } });
  for (const lambda of Object.values(stack.all(LambdaFunction.tfResourceType))) {
    expect(lambda.architectures).toEqual([architecture]);
  }
});

test('every log group is kept as long as is said', () => {
  const stack = synthesise({ ...everything, functions: { logRetentionDays: 3653 } });
  for (const logGroup of Object.values(stack.all('aws_cloudwatch_log_group'))) {
    expect(logGroup.retention_in_days).toBe(3653);
  }
});
