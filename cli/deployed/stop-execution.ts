import type { Clock } from '../../transfer/clock.ts';
import type { Executions } from './step-functions/executions.ts';

/** Between two polls of an execution that is being stopped: what Step Functions shows lags behind. */
const LOOK_INTERVAL_MS = 500;
/** The stop itself takes no longer; then the last status that was seen is reported. */
const STOP_TIMEOUT_MS = 30_000;

/** Stops an execution, unless it is over, and waits until Step Functions shows it as stopped. */
export async function stopExecution(
  executionArn: string,
  cause: string,
  { executions, clock }: { executions: Pick<Executions, 'describe' | 'stop'>; clock: Clock },
  signal: AbortSignal,
): Promise<{ status: string; wasRunning: boolean }> {
  let { status } = await executions.describe(executionArn, signal);
  const wasRunning = status === 'RUNNING';
  if (wasRunning) await executions.stop(executionArn, cause, signal);
  const untilMs = clock.nowMs() + STOP_TIMEOUT_MS;
  while (status === 'RUNNING' && clock.nowMs() < untilMs) {
    await clock.sleep(LOOK_INTERVAL_MS, signal);
    ({ status } = await executions.describe(executionArn, signal));
  }
  return { status: String(status), wasRunning };
}
