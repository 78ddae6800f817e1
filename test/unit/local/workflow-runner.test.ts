import { setTimeout as delay } from 'node:timers/promises';
import type { WorkflowDefinition } from '../../../local/workflow-definition.ts';
import { runWorkflow, type WorkflowRun, type WorkflowTask } from '../../../local/workflow-runner.ts';

const RETRY = [{ ErrorEquals: ['FlakyError'], MaxAttempts: 2, IntervalSeconds: 1 }];
const CATCH = [{ ErrorEquals: ['States.ALL'], ResultPath: '$.error', Next: 'CleanUp' }];

const WORKFLOW = {
  StartAt: 'Plan',
  States: {
    Plan: { Type: 'Task', Resource: 'plan', TimeoutSeconds: 5, Next: 'FanOut' },
    FanOut: {
      Type: 'Map',
      ItemsPath: '$.items',
      MaxConcurrency: 2,
      ItemProcessor: {
        StartAt: 'Work',
        States: { Work: { Type: 'Task', Resource: 'work', TimeoutSeconds: 5, Retry: RETRY, End: true } },
      },
      ResultPath: '$.results',
      Catch: CATCH,
      Next: 'Done',
    },
    Done: { Type: 'Succeed' },
    CleanUp: {
      Type: 'Task',
      Resource: 'clean-up',
      TimeoutSeconds: 5,
      ResultPath: '$.cleaned',
      Next: 'Failed',
    },
    Failed: { Type: 'Fail', ErrorPath: '$.error.Error', CausePath: '$.error.Cause' },
  },
} as unknown as WorkflowDefinition;

class FlakyError extends Error {
  override readonly name = 'FlakyError';
}

function run(tasks: Record<string, WorkflowTask>, changes: Partial<WorkflowRun> = {}) {
  return runWorkflow({
    definition: WORKFLOW,
    tasks: { Plan: async () => ({ items: [1, 2, 3, 4, 5, 6] }), CleanUp: async () => null, ...tasks },
    input: {},
    executionId: 'run-1',
    signal: new AbortController().signal,
    retryIntervalMs: 1,
    ...changes,
  });
}

test('runs the states in order, the Map within its concurrency', async () => {
  let running = 0;
  let most = 0;
  const Work: WorkflowTask = async (item) => {
    running += 1;
    most = Math.max(most, running);
    await delay(5);
    running -= 1;
    return (item as number) * 10;
  };

  await expect(run({ Work })).resolves.toEqual({
    status: 'SUCCEEDED',
    output: { items: [1, 2, 3, 4, 5, 6], results: [10, 20, 30, 40, 50, 60] },
  });
  expect(most).toBe(2);
});

test('retries by error name', async () => {
  let failures = 0;
  const Work: WorkflowTask = async (item) => {
    if (item === 3 && failures < 2) {
      failures += 1;
      throw new FlakyError('not yet');
    }
    return item;
  };

  await expect(run({ Work })).resolves.toMatchObject({ status: 'SUCCEEDED' });
  expect(failures).toBe(2);
});

test('a failure keeps its name, its Cause is the JSON that Lambda gives, and no queued item starts', async () => {
  const started: unknown[] = [];
  const cancelled: unknown[] = [];
  let runningWhenCleanedUp = -1;
  let running = 0;
  const Work: WorkflowTask = async (item, signal) => {
    started.push(item);
    running += 1;
    try {
      if (item === 1) throw new TypeError('no good');
      await delay(1_000, undefined, { signal });
    } catch (error) {
      if (item !== 1) cancelled.push(item);
      throw error;
    } finally {
      running -= 1;
    }
    return item;
  };
  const CleanUp: WorkflowTask = async () => {
    runningWhenCleanedUp = running;
    return null;
  };

  await expect(run({ Work, CleanUp })).resolves.toEqual({
    status: 'FAILED',
    error: 'TypeError',
    cause: '{"errorType":"TypeError","errorMessage":"no good"}',
  });
  await delay(50);
  expect(runningWhenCleanedUp).toBe(0);
  expect(cancelled).toEqual(started.filter((item) => item !== 1));
  expect(started.length).toBeLessThan(6);
});

test('a stop runs no Catch, cancels what runs, and waits for it', async () => {
  const stop = new AbortController();
  let ended = 0;
  let cleanUps = 0;
  const Work: WorkflowTask = async (item, signal) => {
    if (item === 2) stop.abort();
    await delay(10_000, undefined, { signal }).catch(() => undefined);
    ended += 1;
    return item;
  };
  const CleanUp: WorkflowTask = async () => {
    cleanUps += 1;
  };

  await expect(run({ Work, CleanUp }, { signal: stop.signal })).resolves.toEqual({ status: 'ABORTED' });
  expect(ended).toBe(2);
  await delay(50);
  expect([ended, cleanUps]).toEqual([2, 0]);
});

test('a payload above 262,144 bytes fails as on AWS: caught by nothing', async () => {
  const Plan: WorkflowTask = async () => ({ items: ['x'.repeat(262_144)] });
  const definition = structuredClone(WORKFLOW);
  (definition.States.Plan as { Catch?: unknown }).Catch = CATCH;

  await expect(run({ Plan, Work: async () => 1 }, { definition })).resolves.toMatchObject({
    status: 'FAILED',
    error: 'States.DataLimitExceeded',
  });
});

test('payloads pass through JSON', async () => {
  const seen: unknown[] = [];
  const Plan: WorkflowTask = async () => ({ items: [new Date(0), undefined] });
  const Work: WorkflowTask = async (item) => {
    seen.push(item);
    return item;
  };

  await run({ Plan, Work });
  expect(seen).toEqual(['1970-01-01T00:00:00.000Z', null]);
});

test('a Task state without a function is refused, instead of calling AWS', async () => {
  await expect(run({})).rejects.toThrow('no function for the Task state Work');
});
