import { AwsCallError } from '../../../../cli/deployed/aws-call-error.ts';
import { followExecution } from '../../../../cli/deployed/follow-execution.ts';
import { timelineOfExecution } from '../../../../cli/timeline/execution-timeline.ts';
import { progressOf } from '../../../../cli/timeline/transfer-progress.ts';
import type { TransferTimeline } from '../../../../cli/timeline/transfer-timeline.ts';
import { describedExecution, HistoryWriter, writeTransfer } from '../../../support/aws/execution-history.ts';
import { MemoryExecutions } from '../../../support/aws/memory-executions.ts';
import { stepRig } from '../../../support/step-rig.ts';

const never = new AbortController().signal;

/** An execution whose history grows by `eventsPerLook` before each look, until all is there. */
function followed(eventsPerLook: number, ending: 'succeeded' | 'failed' = 'succeeded') {
  const history = new HistoryWriter();
  const endMs = writeTransfer(history, {
    chunkSizeBytes: 5_242_880,
    chunkCount: 4,
    chunkMs: 1_000,
    landed: ending === 'succeeded' ? 4 : 2,
    failures: { 2: [{ error: 'SftpConnectionError', message: 'reset' }] },
    ending,
  });
  const executions = new MemoryExecutions();
  const rig = stepRig();
  executions.onCall = (call) => {
    if (call !== 'newestEvents') return;
    executions.events = history.events.slice(0, executions.events.length + eventsPerLook);
    if (executions.events.length < history.events.length) return;
    const status = ending === 'succeeded' ? 'SUCCEEDED' : 'FAILED';
    executions.description = describedExecution(endMs, { status });
  };
  const timelines: TransferTimeline[] = [];
  const troubles: string[] = [];
  const follow = (signal = never) =>
    followExecution(
      'arn',
      {
        executions,
        clock: rig.clock,
        intervalMs: 2_000,
        onPoll: ({ execution, events }) =>
          timelines.push(timelineOfExecution(execution, events, rig.clock.nowMs())),
        onTrouble: ({ message }) => troubles.push(message),
      },
      signal,
    );
  return { executions, rig, timelines, troubles, follow };
}

test('looks at the interval until the execution is over, and shows how far it is', async () => {
  const { rig, timelines, follow } = followed(12);

  const { execution } = await follow();

  expect(execution.status).toBe('SUCCEEDED');
  expect(rig.sleeps).toEqual(Array(timelines.length - 1).fill(2_000));
  expect(timelines.map((one) => progressOf(one)?.chunksDone ?? 0)).toEqual([0, 1, 2, 4, 4]);
  expect(progressOf(timelines.at(-1) as TransferTimeline)).toMatchObject({
    doneBytes: 20_971_520,
    sizeBytes: 20_971_520,
    chunkCount: 4,
    retries: 1,
  });
});

test('an execution that is over already is looked at once', async () => {
  const { rig, timelines, follow } = followed(1_000, 'failed');

  const { execution } = await follow();

  expect(execution.status).toBe('FAILED');
  expect(timelines).toHaveLength(1);
  expect(rig.sleeps).toEqual([]);
});

test('throttling is waited out, twice as long each time', async () => {
  const { executions, rig, troubles, follow } = followed(1_000);
  const grow = executions.onCall;
  let looks = 0;
  executions.onCall = (call) => {
    if (call === 'newestEvents') looks += 1;
    if (call === 'newestEvents' && looks >= 2 && looks <= 4) throw new AwsCallError('throttled', true);
    if (call === 'newestEvents' && looks === 1) executions.events = [{ id: 1 } as never];
    else grow(call);
  };

  const { execution } = await follow();

  expect(execution.status).toBe('SUCCEEDED');
  expect(rig.sleeps).toEqual([2_000, 4_000, 8_000, 16_000]);
  expect(troubles).toEqual(['throttled', 'throttled', 'throttled']);
});

test.each([
  ['at the first look', 1, true],
  ['for good', 3, false],
])('an error %s is thrown', async (_name, atLook, transient) => {
  const { executions, follow } = followed(5);
  const grow = executions.onCall;
  let looks = 0;
  executions.onCall = (call) => {
    if (call === 'newestEvents') looks += 1;
    if (looks === atLook) throw new AwsCallError('refused', transient);
    grow(call);
  };

  await expect(follow()).rejects.toThrow('refused');
  expect(looks).toBe(atLook);
});

test('a line that stays down is given up after ten minutes', async () => {
  const { executions, rig, follow } = followed(5);
  const grow = executions.onCall;
  let looks = 0;
  executions.onCall = (call) => {
    if (call === 'newestEvents') looks += 1;
    if (looks > 1) throw new AwsCallError('no answer', true);
    grow(call);
  };

  await expect(follow()).rejects.toThrow('no answer');
  const waitedMs = rig.sleeps.reduce((sum, ms) => sum + ms, 0);
  expect(waitedMs).toBeGreaterThan(600_000);
  expect(waitedMs).toBeLessThan(720_000);
});

test('Ctrl-C ends it at once', async () => {
  const { rig, follow } = followed(5);
  const interrupt = new AbortController();
  const { sleep } = rig.clock;
  rig.clock.sleep = async (ms, signal) => {
    interrupt.abort(new Error('interrupted'));
    await sleep(ms, signal);
  };

  await expect(follow(interrupt.signal)).rejects.toThrow('interrupted');
});
