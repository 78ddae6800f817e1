import { DescribeExecutionCommand, ExecutionDoesNotExist, type SFNClient } from '@aws-sdk/client-sfn';
import type { ExecutionEnd } from './ports.ts';

/**
 * When an execution ended; undefined while it runs. One that Step Functions no longer has ended long ago.
 * Any other failure is thrown.
 */
export async function executionEnd(
  client: Pick<SFNClient, 'send'>,
  executionArn: string,
  signal: AbortSignal,
): Promise<ExecutionEnd | undefined> {
  const command = new DescribeExecutionCommand({ executionArn, includedData: 'METADATA_ONLY' });
  try {
    const { status, stopDate } = await client.send(command, { abortSignal: signal });
    if (stopDate === undefined) return undefined;
    return { endedAtMs: stopDate.getTime(), succeeded: status === 'SUCCEEDED' };
  } catch (error) {
    if (error instanceof ExecutionDoesNotExist) return { endedAtMs: 0, succeeded: false };
    throw error;
  }
}
