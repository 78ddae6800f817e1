import { ledgerTableName, pipelineName } from '../../../infra/pipeline/names.ts';
import { createDynamoDbClient } from '../../../ledger/dynamodb/dynamodb-client.ts';
import type { KeptUploads } from '../../../ledger/kept-uploads.ts';
import { dynamoDbUploads } from '../../../ledger/partner-uploads.ts';
import { systemClock } from '../../../transfer/clock.ts';
import { UsageError } from '../../usage-error.ts';
import { parseWorkflowArn } from '../arn.ts';
import { findStack } from '../deployed-stack.ts';
import type { AwsLocation } from '../step-functions/sfn-client.ts';

/** A person waits for the answer: the usual count is for functions. */
const MAX_ATTEMPTS = 3;

/**
 * What is kept of the partner whose transfer workflow this is, or is the workflow of this execution.
 * @throws UsageError when it is not of the stack that is known
 */
export type UploadsOfWorkflow = (workflowArn: string) => KeptUploads;

/**
 * Runs the work of a command that asks a stack's table for what is kept.
 * @param stackName the stack's; undefined for that of the configuration
 */
export async function withKeptUploads<T>(
  { region, endpoint }: AwsLocation,
  stackName: string | undefined,
  work: (uploadsOf: UploadsOfWorkflow) => Promise<T>,
): Promise<T> {
  const client = createDynamoDbClient({
    maxAttempts: MAX_ATTEMPTS,
    ...(region !== undefined && { region }),
    ...(endpoint !== undefined && { endpoint }),
  });
  try {
    return await work((workflowArn) => {
      const { name } = findStack(stackName);
      const prefix = pipelineName(name, '');
      const workflow = parseWorkflowArn(workflowArn)?.stateMachineName ?? workflowArn;
      if (!workflow.startsWith(prefix))
        throw new UsageError(`${workflow} is not of the stack ${name}; --stack-name names another one`);
      const partner = workflow.slice(prefix.length);
      const { nowMs } = systemClock;
      return dynamoDbUploads({ client, tableName: ledgerTableName(name), partner, nowMs });
    });
  } finally {
    client.destroy();
  }
}
