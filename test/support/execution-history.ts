import type { DescribeExecutionOutput, HistoryEvent } from '@aws-sdk/client-sfn';

export const EXECUTION_STARTED_AT_MS = Date.UTC(2026, 10, 22, 2, 30, 0);

/**
 * Writes a history as Step Functions does: every event has the number of the one before it in its branch.
 * Times are milliseconds after the execution's start.
 */
export class HistoryWriter {
  readonly events: HistoryEvent[] = [];

  /** Adds an event and returns its number. */
  add(
    atMs: number,
    previousEventId: number,
    event: Partial<HistoryEvent> & Pick<HistoryEvent, 'type'>,
  ): number {
    const id = this.events.length + 1;
    const timestamp = new Date(EXECUTION_STARTED_AT_MS + atMs);
    this.events.push({ id, previousEventId, timestamp, ...event });
    return id;
  }

  enter(atMs: number, previousEventId: number, name: string, input: unknown = {}): number {
    return this.add(atMs, previousEventId, {
      type: 'TaskStateEntered',
      stateEnteredEventDetails: { name, input: JSON.stringify(input) },
    });
  }

  /** One call of a Lambda that was entered as event `enteredId`, or failed as that event. */
  call(startMs: number, previousEventId: number): number {
    const scheduled = this.add(startMs, previousEventId, { type: 'LambdaFunctionScheduled' });
    return this.add(startMs + 5, scheduled, { type: 'LambdaFunctionStarted' });
  }

  succeed(atMs: number, startedId: number, output: unknown): number {
    return this.add(atMs, startedId, {
      type: 'LambdaFunctionSucceeded',
      lambdaFunctionSucceededEventDetails: { output: JSON.stringify(output) },
    });
  }

  fail(atMs: number, startedId: number, error: string, message: string): number {
    const cause = JSON.stringify({ errorType: error, errorMessage: message });
    return this.add(atMs, startedId, {
      type: 'LambdaFunctionFailed',
      lambdaFunctionFailedEventDetails: { error, cause },
    });
  }
}

/** What DescribeExecution says of it. */
export function describedExecution(
  durationMs: number | undefined,
  changes: Partial<DescribeExecutionOutput>,
): DescribeExecutionOutput {
  return {
    executionArn: 'arn:aws:states:eu-central-1:123456789012:execution:sftp-to-s3-acme:nightly',
    stateMachineArn: 'arn:aws:states:eu-central-1:123456789012:stateMachine:sftp-to-s3-acme',
    status: 'SUCCEEDED',
    startDate: new Date(EXECUTION_STARTED_AT_MS),
    input: JSON.stringify({ sftp_file_path: 'big.zip' }),
    ...(durationMs !== undefined && { stopDate: new Date(EXECUTION_STARTED_AT_MS + durationMs) }),
    ...changes,
  };
}
