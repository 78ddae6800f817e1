import type {
  DescribeExecutionOutput,
  ExecutionListItem,
  ExecutionStatus,
  HistoryEvent,
} from '@aws-sdk/client-sfn';

/**
 * The deployed workflow's executions. Every method throws AwsCallError when AWS does not answer or refuses, and
 * UsageError when there is no such execution or state machine.
 */
export interface Executions {
  /** Idempotent by the name. @returns the execution's ARN */
  start(
    request: { stateMachineArn: string; input: string; name: string },
    signal: AbortSignal,
  ): Promise<string>;
  describe(executionArn: string, signal: AbortSignal): Promise<DescribeExecutionOutput>;
  /** Newest first, at most `limit`. */
  list(
    stateMachineArn: string,
    filter: { limit: number; status?: ExecutionStatus | undefined },
    signal: AbortSignal,
  ): Promise<ExecutionListItem[]>;
  /** Of an execution that is over it does nothing. */
  stop(executionArn: string, cause: string, signal: AbortSignal): Promise<void>;
  /** One page of an execution's events, newest first, with their data. */
  newestEvents(
    executionArn: string,
    page: { size: number; nextToken?: string | undefined },
    signal: AbortSignal,
  ): Promise<{ events: HistoryEvent[]; nextToken?: string | undefined }>;
  /** All state machines of the region whose name begins so. */
  listStateMachines(prefix: string, signal: AbortSignal): Promise<{ name: string; arn: string }[]>;
  /** ARN of the state machine of that name in the region; undefined when there is none. */
  findStateMachine(name: string, signal: AbortSignal): Promise<string | undefined>;
}
