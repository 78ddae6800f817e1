import { expectationPartition } from '../../transfer/ledger-partition.ts';
import {
  allow,
  onObjects,
  publish,
  seeObjects,
  type TargetBucket,
  useKeys,
} from '../pipeline/step-permissions.ts';
import type { Statement } from '../policy.ts';

export interface EvaluationPermissionScope {
  stackName: string;
  region: string;
  accountId: string;
  buckets: readonly TargetBucket[];
  ledgerTableArn: string;
  /** Undefined where the stack has no folders. */
  stateBucketArn: string | undefined;
  topicArn: string;
  topicKeyArn: string | undefined;
}

/**
 * What the evaluation may do: read of all partners what has landed and what runs, write its own rows, and publish.
 * Names of state machines begin with the stack's, so that the policy does not grow with the partners.
 */
export function evaluationPermissions(scope: EvaluationPermissionScope): Statement[] {
  const { region, accountId, stackName, ledgerTableArn, stateBucketArn, topicArn, topicKeyArn } = scope;
  const states = (kind: string) => `arn:aws:states:${region}:${accountId}:${kind}:${stackName}-*`;
  return [
    allow('FindExecutions', ['states:ListExecutions'], [states('stateMachine')]),
    allow(
      'ReadExecutions',
      ['states:DescribeExecution', 'states:GetExecutionHistory'],
      [`${states('execution')}:*`],
    ),
    ...seeObjects(scope, ['s3:GetObject', 's3:GetObjectVersion']),
    ...onObjects(scope, 'SeeParts', ['s3:ListMultipartUploadParts']),
    ...useKeys(scope, ['kms:Decrypt']),
    ofOwnRows(allow('KeepStatus', ['dynamodb:PutItem'], [ledgerTableArn])),
    ...(stateBucketArn === undefined
      ? [ofOwnRows(allow('ReadStatus', ['dynamodb:GetItem'], [ledgerTableArn]))]
      : readFolders(ledgerTableArn, stateBucketArn)),
    ...publish('Tell', { region, topicArn, topicKeyArn }),
  ];
}

function ofOwnRows(statement: Statement): Statement {
  const own = { 'dynamodb:LeadingKeys': [expectationPartition('*')] };
  return { ...statement, Condition: { 'ForAllValues:StringLike': own } };
}

/** Ledgers, its own rows in the same table, and what the last runs have seen and decided. */
function readFolders(ledgerTableArn: string, stateBucketArn: string): Statement[] {
  return [
    allow('ReadRows', ['dynamodb:GetItem', 'dynamodb:Query'], [ledgerTableArn]),
    allow(
      'ReadListings',
      ['s3:GetObject'],
      [`${stateBucketArn}/state/*/listing.jsonl.gz`, `${stateBucketArn}/runs/*/decisions.jsonl`],
    ),
    allow('FindListings', ['s3:ListBucket'], [stateBucketArn]),
  ];
}
