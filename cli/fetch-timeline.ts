import { systemClock } from '../transfer/clock.ts';
import { findExecution, locationOf, parseExecutionTarget } from './deployed/find-target.ts';
import { HistoryReader } from './deployed/step-functions/history-reader.ts';
import { withExecutions } from './deployed/step-functions/with-executions.ts';
import type { AwsFlags } from './options/aws-options.ts';
import { timelineOfExecution } from './timeline/execution-timeline.ts';
import type { TransferTimeline } from './timeline/transfer-timeline.ts';

/**
 * The timeline of an execution, running or over; Step Functions keeps those that are over for 90 days.
 * @param text an execution's ARN, or a partner, whose newest execution is meant
 * @param name of the execution, where `text` is its partner
 * @throws UsageError | AwsCallError
 */
export async function fetchTimeline(
  text: string,
  name: string | undefined,
  flags: AwsFlags,
): Promise<TransferTimeline> {
  const target = parseExecutionTarget(text, name, flags);
  const location = locationOf(target, flags);
  const partner = 'of' in target ? target.of.label : undefined;
  return withExecutions(location, 'Stopped.', async (executions, signal) => {
    const arn = await findExecution(target, executions, signal);
    const execution = await executions.describe(arn, signal);
    const reader = new HistoryReader(executions, arn);
    await reader.update(signal);
    return timelineOfExecution(execution, reader.events, systemClock.nowMs(), partner);
  });
}
