import { setTimeout as sleep } from 'node:timers/promises';
import {
  DescribeExecutionCommand,
  type DescribeExecutionCommandOutput,
  type SFNClient,
  StartExecutionCommand,
  StopExecutionCommand,
} from '@aws-sdk/client-sfn';

const POLL_MS = 250;

/** @returns the execution's ARN */
export async function startExecution(
  client: SFNClient,
  stateMachineArn: string,
  name: string,
  input: object,
): Promise<string> {
  const { executionArn } = await client.send(
    new StartExecutionCommand({ stateMachineArn, name, input: JSON.stringify(input) }),
  );
  if (executionArn === undefined) throw new Error('the execution has no ARN');
  return executionArn;
}

/** Waits until the execution has ended, however it did. @throws Error after `timeoutMs` */
export function endOfExecution(
  client: SFNClient,
  executionArn: string,
  timeoutMs: number,
): Promise<DescribeExecutionCommandOutput> {
  return eventually(timeoutMs, `the end of ${executionArn}`, async () => {
    const execution = await client.send(new DescribeExecutionCommand({ executionArn }));
    return execution.status === 'RUNNING' ? undefined : execution;
  });
}

/** @param error @default none, as in the console */
export async function stopExecution(client: SFNClient, executionArn: string, error?: string): Promise<void> {
  await client.send(new StopExecutionCommand({ executionArn, error }));
}

/** Asks again and again until there is an answer. @throws Error after `timeoutMs`, naming what was waited for */
export async function eventually<Answer>(
  timeoutMs: number,
  what: string,
  ask: () => Promise<Answer | undefined>,
): Promise<Answer> {
  const deadline = Date.now() + timeoutMs;
  while (Date.now() < deadline) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    await sleep(POLL_MS);
  }
  throw new Error(`waited ${timeoutMs / 1_000} s in vain for ${what}`);
}
