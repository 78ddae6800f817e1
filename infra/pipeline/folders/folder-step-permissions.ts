import { stateKeyPrefixes } from '../../../folder/run/state-keys.ts';
import { folderPartition } from '../../../transfer/ledger-partition.ts';
import type { Statement } from '../../policy.ts';
import type { PerFolderStep } from '../../steps.ts';
import { allow, onObjects, type PermissionScope, seeObjects, useKeys } from '../step-permissions.ts';

export interface FolderPermissionScope extends PermissionScope {
  /** Names of the partner's folders. */
  folders: readonly string[];
  stateBucketArn: string;
  /** Name of the state machine that runs over the folders. */
  folderStateMachineName: string;
}

/**
 * What each step of a folder's run may do, beyond writing its own logs and traces: the partner's own rows of the ledger,
 * its own keys of the state bucket, and the objects that land.
 */
export function folderStepPermissions(scope: FolderPermissionScope): PerFolderStep<readonly Statement[]> {
  const readSecret = allow('ReadSftpCredentials', ['secretsmanager:GetSecretValue'], [scope.secretArn]);
  const writeEncrypted = useKeys(scope, ['kms:GenerateDataKey', 'kms:Decrypt']);
  const readEncrypted = useKeys(scope, ['kms:Decrypt']);
  const executions = executionsOf(scope, scope.folderStateMachineName);
  return {
    'list-folder': [
      readSecret,
      useLedger(scope, ['dynamodb:Query', 'dynamodb:GetItem', 'dynamodb:PutItem']),
      ...useState(scope, ['s3:GetObject', 's3:PutObject']),
    ],
    'copy-batch': [
      readSecret,
      useLedger(scope, ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:DeleteItem']),
      ...useState(scope, ['s3:GetObject', 's3:PutObject']),
      ...onObjects(scope, 'PutSmallFiles', ['s3:PutObject']),
      ...seeObjects(scope, ['s3:GetObject']),
      ...writeEncrypted,
    ],
    'claim-file': [
      useLedger(scope, ['dynamodb:GetItem', 'dynamodb:PutItem']),
      ...useState(scope, ['s3:GetObject', 's3:PutObject']),
      ...seeObjects(scope, ['s3:GetObject']),
      ...readEncrypted,
      allow('SeeWhetherRunsGoOn', ['states:DescribeExecution'], executions),
    ],
    'commit-file': [
      useLedger(scope, ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:DeleteItem']),
      ...useState(scope, ['s3:GetObject', 's3:PutObject']),
      ...seeObjects(scope, ['s3:GetObject']),
      ...readEncrypted,
    ],
    'settle-source': [
      readSecret,
      useLedger(scope, ['dynamodb:Query', 'dynamodb:GetItem', 'dynamodb:PutItem']),
      ...useState(scope, ['s3:GetObject', 's3:PutObject']),
      ...seeObjects(scope, ['s3:GetObject', 's3:GetObjectVersion']),
      ...readEncrypted,
    ],
    'summarise-run': useState(scope, ['s3:GetObject']),
  };
}

/** What the folder workflow itself does. */
export function folderWorkflowPermissions(
  scope: FolderPermissionScope,
  functionArns: readonly string[],
  transferStateMachineArn: string,
): Statement[] {
  const { region, accountId } = scope;
  const own = `arn:aws:states:${region}:${accountId}:stateMachine:${scope.folderStateMachineName}`;
  const runs = `${scope.stateBucketArn}/runs/${scope.partner}/*`;
  return [
    allow(
      'CallSteps',
      ['lambda:InvokeFunction'],
      functionArns.map((arn) => `${arn}:*`),
    ),
    // https://docs.aws.amazon.com/step-functions/latest/dg/iam-policies-eg-dist-map.html
    allow('RunMaps', ['states:StartExecution'], [own]),
    allow(
      'FollowMaps',
      ['states:DescribeExecution', 'states:StopExecution'],
      executionsOf(scope, `${scope.folderStateMachineName}/*`),
    ),
    allow('ReadItems', ['s3:GetObject'], [runs]),
    allow(
      'WriteResults',
      ['s3:PutObject', 's3:GetObject', 's3:ListMultipartUploadParts', 's3:AbortMultipartUpload'],
      [`${scope.stateBucketArn}/runs/${scope.partner}/*/results/*`],
    ),
    // https://docs.aws.amazon.com/step-functions/latest/dg/stepfunctions-iam.html
    allow('StartTransfers', ['states:StartExecution'], [transferStateMachineArn]),
    allow(
      'FollowTransfers',
      ['states:DescribeExecution', 'states:StopExecution'],
      executionsOf(scope, scope.stateMachineName),
    ),
    allow(
      'HearOfTransfers',
      ['events:PutTargets', 'events:PutRule', 'events:DescribeRule'],
      [`arn:aws:events:${region}:${accountId}:rule/StepFunctionsGetEventsForStepFunctionsExecutionRule`],
    ),
    allow('AnnounceRuns', ['events:PutEvents'], [`arn:aws:events:${region}:${accountId}:event-bus/default`]),
  ];
}

function executionsOf({ region, accountId }: FolderPermissionScope, stateMachineName: string): string[] {
  return [`arn:aws:states:${region}:${accountId}:execution:${stateMachineName}:*`];
}

/** The rows of the partner's folders, and no others. */
function useLedger(
  { partner, folders, ledgerTableArn }: FolderPermissionScope,
  actions: readonly string[],
): Statement {
  return {
    ...allow('UseLedger', actions, [ledgerTableArn]),
    Condition: {
      'ForAllValues:StringEquals': {
        'dynamodb:LeadingKeys': folders.map((folder) => folderPartition(partner, folder)),
      },
    },
  };
}

/** The partner's own keys of the state bucket. */
function useState(
  { partner, stateBucketArn }: FolderPermissionScope,
  actions: readonly string[],
): Statement[] {
  const prefixes = stateKeyPrefixes(partner);
  return [
    allow(
      'UseState',
      actions,
      prefixes.map((prefix) => `${stateBucketArn}/${prefix}*`),
    ),
    {
      ...allow('ListState', ['s3:ListBucket'], [stateBucketArn]),
      Condition: { StringLike: { 's3:prefix': prefixes.map((prefix) => `${prefix}*`) } },
    },
  ];
}
