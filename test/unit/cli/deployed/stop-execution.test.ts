import { stopExecution } from '../../../../cli/deployed/stop-execution.ts';
import { describedExecution } from '../../../support/aws/execution-history.ts';
import { MemoryExecutions } from '../../../support/aws/memory-executions.ts';
import { stepRig } from '../../../support/step-rig.ts';

const never = new AbortController().signal;

/** A running execution that is shown as running for so many looks after the stop. */
function running(looksAfterStop: number) {
  const executions = new MemoryExecutions();
  const rig = stepRig();
  let looks = 0;
  executions.onCall = (call) => {
    if (call !== 'describe' || executions.stopped.length === 0) return;
    looks += 1;
    if (looks > looksAfterStop) executions.description = describedExecution(1, { status: 'ABORTED' });
  };
  const stop = () => stopExecution('arn', 'wrong file', { executions, clock: rig.clock }, never);
  return { executions, rig, stop };
}

test('waits until the stop is to be seen', async () => {
  const { executions, rig, stop } = running(2);

  await expect(stop()).resolves.toEqual({ status: 'ABORTED', wasRunning: true });
  expect(executions.stopped).toEqual(['arn']);
  expect(rig.sleeps).toEqual([500, 500, 500]);
});

test('an execution that is over is not stopped', async () => {
  const { executions, rig, stop } = running(0);
  executions.description = describedExecution(1, { status: 'FAILED' });

  await expect(stop()).resolves.toEqual({ status: 'FAILED', wasRunning: false });
  expect([executions.stopped, rig.sleeps]).toEqual([[], []]);
});

test('a stop that never shows is told as it is', async () => {
  const { stop } = running(1_000);

  await expect(stop()).resolves.toEqual({ status: 'RUNNING', wasRunning: true });
});
