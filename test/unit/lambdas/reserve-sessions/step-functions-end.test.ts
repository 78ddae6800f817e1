import { ExecutionDoesNotExist, type SFNClient } from '@aws-sdk/client-sfn';
import { executionEnd } from '../../../../lambdas/reserve-sessions/step-functions-end.ts';

const signal = new AbortController().signal;
const stopDate = new Date('2026-11-25T06:00:00Z');

function client(answer: () => unknown): Pick<SFNClient, 'send'> {
  return { send: async () => answer() } as unknown as Pick<SFNClient, 'send'>;
}

test.each([
  ['RUNNING', { status: 'RUNNING' }, undefined],
  ['SUCCEEDED', { status: 'SUCCEEDED', stopDate }, { endedAtMs: stopDate.getTime(), succeeded: true }],
  ['FAILED', { status: 'FAILED', stopDate }, { endedAtMs: stopDate.getTime(), succeeded: false }],
  ['ABORTED', { status: 'ABORTED', stopDate }, { endedAtMs: stopDate.getTime(), succeeded: false }],
])('%s', async (_, answer, end) => {
  expect(
    await executionEnd(
      client(() => answer),
      'arn',
      signal,
    ),
  ).toEqual(end);
});

test('one that Step Functions no longer has ended long ago', async () => {
  const gone = new ExecutionDoesNotExist({ $metadata: {}, message: 'gone' });
  const end = await executionEnd(
    client(() => {
      throw gone;
    }),
    'arn',
    signal,
  );
  expect(end).toEqual({ endedAtMs: 0, succeeded: false });
});

test('a call that failed says nothing about the execution', async () => {
  const throttled = Object.assign(new Error('slow down'), { name: 'ThrottlingException' });
  const failing = client(() => {
    throw throttled;
  });
  await expect(executionEnd(failing, 'arn', signal)).rejects.toBe(throttled);
});
