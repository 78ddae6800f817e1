import {
  onceAwake,
  WAKING_ERRORS,
  WAKING_PATIENCE_MS,
  WAKING_RETRY_MS,
} from '../../../../cli/deployed/waking-function.ts';
import { RETRY_RULES } from '../../../../statemachine/retry-rules.ts';

const named = (name: string) => Object.assign(new Error('why'), { name });

/** A call that fails by those names, one after the other, and then answers. */
function rig(...errorNames: string[]) {
  const waits: string[] = [];
  let slept = 0;
  return {
    waits,
    slept: () => slept,
    run: () =>
      onceAwake(
        async () => {
          const name = errorNames.shift();
          if (name !== undefined) throw named(name);
          return 'report';
        },
        {
          sleep: async (ms) => {
            slept += ms;
          },
          onWaiting: (name, waitedMs) => waits.push(`${name} ${waitedMs}`),
        },
      ),
  };
}

test('a function that is awake is called once', async () => {
  const { run, waits } = rig();
  await expect(run()).resolves.toBe('report');
  expect(waits).toEqual([]);
});

test.each(WAKING_ERRORS)('%s is waited for, and said', async (name) => {
  const { run, waits, slept } = rig(name, name);
  await expect(run()).resolves.toBe('report');
  expect(waits).toEqual([`${name} 0`, `${name} ${WAKING_RETRY_MS}`]);
  expect(slept()).toBe(2 * WAKING_RETRY_MS);
});

test('the patience is bounded, and the last error is the one that is told', async () => {
  const { run, slept } = rig(...Array(1_000).fill('ResourceNotReadyException'));
  await expect(run()).rejects.toThrow(expect.objectContaining({ name: 'ResourceNotReadyException' }));
  expect(slept()).toBe(WAKING_PATIENCE_MS);
});

test.each(['AccessDeniedException', 'TooManyRequestsException', 'ServiceException', 'TimeoutError'])(
  '%s is not waited for: the function may have run, and have logged in',
  async (name) => {
    const { run, waits } = rig(name);
    await expect(run()).rejects.toThrow(expect.objectContaining({ name }));
    expect(waits).toEqual([]);
  },
);

test('it waits for what the workflow waits for', () => {
  const rule = RETRY_RULES.find(({ errors }) => errors.some(({ name }) => name.includes('ResourceNotReady')));
  const inWorkflow = rule?.errors.map(({ name }) => name.replace('Lambda.', '')) ?? [];
  expect(inWorkflow).toEqual(expect.arrayContaining([...WAKING_ERRORS]));
});
