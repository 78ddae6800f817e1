import {
  DescribeExecutionCommand,
  type DescribeExecutionOutput,
  ExecutionDoesNotExist,
  type HistoryEvent,
  InvalidArn,
  paginateGetExecutionHistory,
  type SFNClient,
} from '@aws-sdk/client-sfn';
import { UsageError } from '../usage-error.ts';

/** Step Functions' largest page. */
const PAGE_SIZE = 1_000;

/**
 * All that Step Functions keeps of an execution; of a standard workflow for 90 days after its end.
 * @throws UsageError if there is no such execution
 */
export async function fetchExecution(
  client: SFNClient,
  executionArn: string,
): Promise<{ execution: DescribeExecutionOutput; events: HistoryEvent[] }> {
  const execution = await client.send(new DescribeExecutionCommand({ executionArn })).catch(nameUnknown);
  const events: HistoryEvent[] = [];
  const pages = paginateGetExecutionHistory(
    { client, pageSize: PAGE_SIZE },
    { executionArn, includeExecutionData: true },
  );
  for await (const page of pages) events.push(...(page.events ?? []));
  return { execution, events };
}

function nameUnknown(error: unknown): never {
  if (error instanceof ExecutionDoesNotExist || error instanceof InvalidArn) {
    throw new UsageError(`${error.message}; Step Functions keeps executions for 90 days`, { cause: error });
  }
  throw error;
}
