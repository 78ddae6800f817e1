import { keptUploadPartition, sessionPartition } from '../../transfer/ledger-partition.ts';
import type { Statement } from '../policy.ts';
import type { PerStep } from '../steps.ts';

/** A bucket that transfers may write to. */
export interface TargetBucket {
  name: string;
  arn: string;
  /** Who owns it. A bucket of this name that is another's is not written to: names of deleted buckets are free again. */
  accountId: string;
  /** The KMS key that encrypts its objects; undefined for SSE-S3. */
  kmsKeyArn?: string | undefined;
}

export interface PermissionScope {
  region: string;
  accountId: string;
  /** The partner's SFTP credentials. */
  secretArn: string;
  buckets: readonly TargetBucket[];
  /** Name of the partner's state machine. */
  stateMachineName: string;
  partner: string;
  /** Of the ledger, and of the sessions in use. */
  ledgerTableArn: string;
  /** Where it is 0, no function may keep parts, nor go on with any. */
  keepPartsDays: number;
  /** Keeps what EventBridge and functions gave up. */
  deadLetterQueueArn: string;
  /** Name of the state machine of the partner's folders, where it has any. */
  folderStateMachineName?: string | undefined;
}

/**
 * What each step may do, beyond writing its own logs and traces. This is the page for a reviewer of permissions;
 * the resulting documents are in test/synth/__snapshots__.
 */
export function stepPermissions(scope: PermissionScope): PerStep<readonly Statement[]> {
  const readSecret = allow('ReadSftpCredentials', ['secretsmanager:GetSecretValue'], [scope.secretArn]);
  const writeEncrypted = useKeys(scope, ['kms:GenerateDataKey', 'kms:Decrypt']);
  const readEncrypted = useKeys(scope, ['kms:Decrypt']);
  const executions = [
    `arn:aws:states:${scope.region}:${scope.accountId}:execution:${scope.stateMachineName}:*`,
  ];
  const keeping = (...statements: readonly Statement[]) => (scope.keepPartsDays === 0 ? [] : statements);
  return {
    'reserve-sessions': [
      shareSessions(scope),
      ...keeping(keepUploads(scope, 'ClaimUploads', ['dynamodb:Query', 'dynamodb:PutItem'])),
      allow(
        'SeeWhetherExecutionsRun',
        ['states:DescribeExecution'],
        [
          ...executions,
          ...(scope.folderStateMachineName === undefined
            ? []
            : [
                `arn:aws:states:${scope.region}:${scope.accountId}:execution:${scope.folderStateMachineName}:*`,
              ]),
        ],
      ),
    ],
    'get-file-metadata': [readSecret, ...seeObjects(scope, ['s3:GetObject']), ...readEncrypted],
    'resume-upload': keeping(
      readSecret,
      ...onObjects(scope, 'ResumeUploads', ['s3:ListMultipartUploadParts', 's3:AbortMultipartUpload']),
      ...readEncrypted,
    ),
    'create-file-chunks': [],
    'download-segment': [
      readSecret,
      ...onObjects(scope, 'UploadParts', ['s3:PutObject', 's3:ListMultipartUploadParts']),
      ...writeEncrypted,
    ],
    'complete-upload': [
      readSecret,
      ...onObjects(scope, 'CompleteUploads', ['s3:PutObject', 's3:ListMultipartUploadParts']),
      ...seeObjects(scope, ['s3:GetObject', 's3:GetObjectVersion']),
      ...writeEncrypted,
    ],
    'keep-parts': keeping(
      ...onObjects(scope, 'SeeParts', ['s3:ListMultipartUploadParts']),
      ...readEncrypted,
      keepUploads(scope, 'KeepUploads', ['dynamodb:PutItem']),
    ),
    'abort-upload': [
      ...onObjects(scope, 'AbortUploads', ['s3:AbortMultipartUpload', 's3:ListMultipartUploadParts']),
      allow('FindUploadsOfStoppedExecutions', ['states:GetExecutionHistory'], executions),
      ...keeping(allow('SeeWhetherExecutionsRun', ['states:DescribeExecution'], executions)),
      keepFailedRuns(scope.deadLetterQueueArn),
      ...readEncrypted,
      ...keeping(
        keepUploads(scope, 'KeepOrForgetUploads', [
          'dynamodb:Query',
          'dynamodb:GetItem',
          'dynamodb:PutItem',
          'dynamodb:DeleteItem',
        ]),
      ),
    ],
    'release-sessions': [
      shareSessions(scope),
      ...keeping(
        keepUploads(scope, 'ReleaseUploads', ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:DeleteItem']),
      ),
    ],
  };
}

/** What the workflow itself does: it calls the steps and starts the upload. */
export function workflowPermissions(scope: PermissionScope, functionArns: readonly string[]): Statement[] {
  return [
    // Published versions only, also those of earlier deployments, which running executions still call.
    allow(
      'CallSteps',
      ['lambda:InvokeFunction'],
      functionArns.map((arn) => `${arn}:*`),
    ),
    ...onObjects(scope, 'StartUploads', ['s3:PutObject']),
    ...useKeys(scope, ['kms:GenerateDataKey', 'kms:Decrypt']),
  ];
}

/** Lets a function that EventBridge calls keep what it failed at three times. */
export function keepFailedRuns(deadLetterQueueArn: string): Statement {
  return allow('KeepFailedRuns', ['sqs:SendMessage'], [deadLetterQueueArn]);
}

/** X-Ray has no resources: https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsx-ray.html */
export const WRITE_TRACES: Statement = {
  Sid: 'WriteTraces',
  Action: ['xray:PutTraceSegments', 'xray:PutTelemetryRecords'],
  Resource: '*',
};

/** One row of the table: the partner's own partition that belongs to no folder. */
function shareSessions({ partner, ledgerTableArn }: PermissionScope): Statement {
  return {
    ...allow('ShareSessions', ['dynamodb:GetItem', 'dynamodb:PutItem'], [ledgerTableArn]),
    Condition: { 'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': [sessionPartition(partner)] } },
  };
}

/** Rows of the partner's kept uploads. */
function keepUploads(
  { partner, ledgerTableArn }: PermissionScope,
  sid: string,
  actions: readonly string[],
): Statement {
  return {
    ...allow(sid, actions, [ledgerTableArn]),
    Condition: { 'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': [keptUploadPartition(partner)] } },
  };
}

/** HeadObject; of a version it is an action of its own. Without ListBucket, S3 says "forbidden" instead of "not found" of an object that is not there. */
export function seeObjects(scope: Pick<PermissionScope, 'buckets'>, actions: readonly string[]): Statement[] {
  return [
    ...onObjects(scope, 'SeeObjects', actions),
    ...perOwner(scope, 'TellAbsentObjects', ['s3:ListBucket'], (arn) => arn),
  ];
}

/** Of the landing bucket and the further ones. */
export function onObjects(
  scope: Pick<PermissionScope, 'buckets'>,
  sid: string,
  actions: readonly string[],
): Statement[] {
  return perOwner(scope, sid, actions, (arn) => `${arn}/*`);
}

/** One statement for each account that owns buckets: the account is a condition, and so the statement's. */
function perOwner(
  { buckets }: Pick<PermissionScope, 'buckets'>,
  sid: string,
  actions: readonly string[],
  resourceOf: (bucketArn: string) => string,
): Statement[] {
  const owners = [...new Set(buckets.map(({ accountId }) => accountId))];
  return owners.map((owner, index) => ({
    ...allow(
      index === 0 ? sid : `${sid}${index + 1}`,
      actions,
      buckets.filter(({ accountId }) => accountId === owner).map(({ arn }) => resourceOf(arn)),
    ),
    Condition: { StringEquals: { 'aws:ResourceAccount': owner } },
  }));
}

/** Nothing where no bucket has a key. */
export function useKeys(
  scope: Pick<PermissionScope, 'buckets' | 'region'>,
  actions: readonly string[],
): Statement[] {
  const keys = scope.buckets.flatMap(({ kmsKeyArn }) => (kmsKeyArn === undefined ? [] : [kmsKeyArn]));
  if (keys.length === 0) return [];
  return [
    {
      ...allow('UseBucketKeys', actions, [...new Set(keys)]),
      Condition: { StringEquals: { 'kms:ViaService': `s3.${scope.region}.amazonaws.com` } },
    },
  ];
}

/** Lets a function write to the alert topic. @param topicKeyArn its own key; undefined where that is allowed elsewhere */
export function publish(
  sid: string,
  { region, topicArn, topicKeyArn }: { region: string; topicArn: string; topicKeyArn?: string | undefined },
): Statement[] {
  const allowed = allow(sid, ['sns:Publish'], [topicArn]);
  if (topicKeyArn === undefined) return [allowed];
  const useKey = {
    ...allow('UseTopicKey', ['kms:Decrypt', 'kms:GenerateDataKey'], [topicKeyArn]),
    Condition: { StringEquals: { 'kms:ViaService': `sns.${region}.amazonaws.com` } },
  };
  return [allowed, useKey];
}

export function allow(Sid: string, Action: readonly string[], Resource: readonly string[]): Statement {
  return { Sid, Action, Resource };
}
