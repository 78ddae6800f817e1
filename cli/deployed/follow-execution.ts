import type { DescribeExecutionOutput, HistoryEvent } from '@aws-sdk/client-sfn';
import type { Clock } from '../../transfer/clock.ts';
import { AwsCallError } from './aws-call-error.ts';
import type { Executions } from './step-functions/executions.ts';
import { HistoryReader } from './step-functions/history-reader.ts';

/** The pause between two polls doubles up to this while AWS throttles or does not answer. */
const MAX_PAUSE_MS = 60_000;
/** A line that is down for longer is not coming back while somebody watches. */
const MAX_TROUBLE_MS = 10 * 60_000;

export interface FollowOptions {
  executions: Pick<Executions, 'describe' | 'newestEvents'>;
  clock: Clock;
  /** Between two polls. */
  intervalMs: number;
  /** Called after every poll. */
  onPoll: (followed: FollowedExecution) => void;
  /** Called when a poll failed and another one follows. */
  onTrouble: (error: AwsCallError) => void;
}

/** A followed execution as it was at a poll. */
export interface FollowedExecution {
  execution: DescribeExecutionOutput;
  /** In their order, from the first. */
  events: readonly HistoryEvent[];
}

/**
 * Polls an execution until it is over. After the first poll, throttling and a broken line are
 * waited out.
 * @returns the execution as it was at its end
 * @throws AwsCallError; UsageError when there is no such execution; the signal's reason
 */
export async function followExecution(
  executionArn: string,
  options: FollowOptions,
  signal: AbortSignal,
): Promise<FollowedExecution> {
  const { executions, clock, intervalMs, onPoll, onTrouble } = options;
  const reader = new HistoryReader(executions, executionArn);
  let execution = await executions.describe(executionArn, signal);
  let pauseMs = intervalMs;
  let lastAnswerMs = clock.nowMs();
  for (;;) {
    try {
      await reader.update(signal);
      const isOver = reader.events.some(({ type }) => isEnd(type));
      if (isOver && execution.status === 'RUNNING')
        execution = await executions.describe(executionArn, signal);
      const followed = { execution, events: reader.events };
      onPoll(followed);
      if (execution.status !== 'RUNNING') return followed;
      pauseMs = intervalMs;
      lastAnswerMs = clock.nowMs();
    } catch (error) {
      const isHopeless = clock.nowMs() - lastAnswerMs > MAX_TROUBLE_MS || reader.events.length === 0;
      if (!(error instanceof AwsCallError) || !error.transient || isHopeless) throw error;
      onTrouble(error);
      pauseMs = Math.min(2 * pauseMs, MAX_PAUSE_MS);
    }
    await clock.sleep(pauseMs, signal);
  }
}

/** Events that end an execution: ExecutionSucceeded, ExecutionFailed, ExecutionTimedOut, ExecutionAborted. */
function isEnd(type: string | undefined): boolean {
  return /^Execution(Succeeded|Failed|TimedOut|Aborted)$/.test(type ?? '');
}
