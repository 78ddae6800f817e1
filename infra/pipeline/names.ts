import type { AnyStep } from '../steps.ts';

/** Name of all that belongs to one partner; its state machine has this very name. */
export function pipelineName(stackName: string, partnerName: string): string {
  return `${stackName}-${partnerName}`;
}

/** Name of the bucket that folder runs keep their state in. */
export function stateBucketName(stackName: string, accountId: string, region: string): string {
  return `${stackName}-state-${accountId}-${region}`;
}

/** Name of the table of ledgers and leases. */
export function ledgerTableName(stackName: string): string {
  return `${stackName}-ledger`;
}

/** Name of the Lambda function of one step of a pipeline. */
export function functionName(pipeline: string, step: AnyStep): string {
  return `${pipeline}-${step}`;
}

/** Name of the queue of what could not be delivered. */
export function deadLetterQueueName(pipeline: string): string {
  return `${pipeline}-undelivered`;
}

/** Name of the secret that holds the login to a partner's server. */
export function secretName(stackName: string, partnerName: string): string {
  return `${stackName}/${partnerName}/sftp`;
}
