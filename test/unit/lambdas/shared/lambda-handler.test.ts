import { setTimeout as delay } from 'node:timers/promises';
import type { Context } from 'aws-lambda';
import { createFileChunksEventSchema } from '../../../../lambdas/create-file-chunks/event.ts';
import { lambdaHandler, type Step } from '../../../../lambdas/shared/lambda-handler.ts';
import {
  InvalidTransferRequestError,
  SourceChangedError,
  UploadFailedError,
} from '../../../../transfer/errors.ts';
import { plannedFile } from '../../../support/step-rig.ts';

const EVENT = {
  execution_id: 'arn:aws:states:eu-west-1:111122223333:execution:acme:run-1',
  file: plannedFile(1),
};

let printed: Record<string, unknown>[];

beforeEach(() => {
  printed = [];
  const record = (text: unknown): boolean => {
    for (const line of String(text).trim().split('\n')) printed.push(JSON.parse(line));
    return true;
  };
  for (const stream of [process.stdout, process.stderr])
    jest.spyOn(stream, 'write').mockImplementation(record);
  process.env.POWERTOOLS_SERVICE_NAME = 'sftp-to-s3';
  process.env.POWERTOOLS_METRICS_NAMESPACE = 'SftpToS3';
  jest.spyOn(console, 'log').mockImplementation(record);
});

afterEach(() => {
  jest.restoreAllMocks();
  delete process.env.POWERTOOLS_SERVICE_NAME;
  delete process.env.POWERTOOLS_METRICS_NAMESPACE;
});

function context(remainingMs = 60_000): Context {
  return {
    functionName: 'acme-test-step',
    awsRequestId: 'request-1',
    invokedFunctionArn: 'arn:aws:lambda:eu-west-1:111122223333:function:acme-test-step',
    memoryLimitInMB: '1024',
    getRemainingTimeInMillis: () => remainingMs,
  } as Context;
}

function handlerOf(run: Step<unknown, unknown>['run'], beforeFreeze?: () => void) {
  return lambdaHandler({
    name: 'test-step',
    partner: 'acme',
    eventSchema: createFileChunksEventSchema,
    logFields: ({ file }) => ({ path: file.path }),
    run,
    deadlineError: (message) => new UploadFailedError(message),
    ...(beforeFreeze !== undefined && { beforeFreeze }),
  });
}

const logLines = () => printed.filter((line) => 'level' in line);
const metrics = () => printed.filter((line) => '_aws' in line);

test('every line names execution, partner, step and path', async () => {
  const handler = handlerOf((_event, { telemetry }) => {
    telemetry.info('working', { chunk_number: 7 });
    return 42;
  });

  await expect(handler(EVENT, context())).resolves.toBe(42);

  expect(logLines()).toEqual([
    expect.objectContaining({
      level: 'INFO',
      message: 'working',
      service: 'sftp-to-s3',
      execution_id: EVENT.execution_id,
      partner: 'acme',
      step: 'test-step',
      path: '/outbound/big.zip',
      chunk_number: 7,
    }),
  ]);
});

test('metrics carry their unit, and service and partner as dimensions', async () => {
  const handler = handlerOf((_event, { telemetry }) => telemetry.metric('BytesTransferred', 1_234));

  await handler(EVENT, context());

  expect(metrics()).toContainEqual(
    expect.objectContaining({
      BytesTransferred: 1_234,
      service: 'sftp-to-s3',
      partner: 'acme',
      _aws: expect.objectContaining({
        CloudWatchMetrics: [
          {
            Namespace: 'SftpToS3',
            Dimensions: [['service', 'partner']],
            Metrics: [{ Name: 'BytesTransferred', Unit: 'Bytes' }],
          },
        ],
      }),
    }),
  );
});

test('an invocation without a metric writes no warning that is not JSON', async () => {
  const written: string[] = [];
  const keep = (text: unknown) => written.push(String(text)) > 0;
  for (const stream of [process.stdout, process.stderr]) {
    jest.spyOn(stream, 'write').mockImplementation(keep);
  }
  const handler = handlerOf(() => 'done');
  await handler(EVENT, context());
  await handler(EVENT, context());
  expect(written.filter((line) => line.includes('No application metrics'))).toEqual([]);
});

test('a failure is logged, counted under its name, and thrown', async () => {
  const handler = handlerOf(() => {
    throw new SourceChangedError('it grew');
  });

  await expect(handler(EVENT, context())).rejects.toThrow(SourceChangedError);

  expect(logLines()).toEqual([expect.objectContaining({ level: 'ERROR', message: 'step failed' })]);
  expect(metrics()).toContainEqual(expect.objectContaining({ SourceChangedError: 1, partner: 'acme' }));
});

test('a failure that is none of ours is counted as unexpected', async () => {
  const handler = handlerOf(() => {
    throw new TypeError('a defect');
  });

  await expect(handler(EVENT, context())).rejects.toThrow(TypeError);
  expect(metrics()).toContainEqual(expect.objectContaining({ UnexpectedError: 1 }));
});

test('a wrong event is refused by field, value and bound before anything runs', async () => {
  const run = jest.fn();

  await expect(
    handlerOf(run)({ ...EVENT, file: { ...EVENT.file, size_bytes: -1 } }, context()),
  ).rejects.toThrow(new InvalidTransferRequestError('file.size_bytes', -1, 'it must be at least 0 bytes'));
  expect(run).not.toHaveBeenCalled();
});

test("what outlasts the function's time is ended, by the step's own error", async () => {
  const handler = handlerOf(async (_event, { signal }) => {
    await delay(5_000, undefined, { signal }).catch(() => signal.throwIfAborted());
  });

  await expect(handler(EVENT, context(10_050))).rejects.toThrow(UploadFailedError);
  expect(metrics()).toContainEqual(expect.objectContaining({ UploadFailedError: 1 }));
});

test("a step that waits for something that no signal reaches is left behind, by the step's own error", async () => {
  jest.useFakeTimers();
  try {
    const handler = handlerOf(() => new Promise<void>(() => {}));
    const outcome = handler(EVENT, context(10_050)).catch((error: unknown) => error);
    await jest.advanceTimersByTimeAsync(5_051);
    expect(await outcome).toBeInstanceOf(UploadFailedError);
  } finally {
    jest.useRealTimers();
  }
});

test("one invocation's fields do not reach the next one", async () => {
  const handler = handlerOf((_event, { telemetry }) => telemetry.info('working'));
  const other = { ...EVENT, execution_id: 'run-2', file: { ...EVENT.file, path: '/other' } };

  await handler(EVENT, context());
  await handler(other, context());

  expect(logLines()[1]).toMatchObject({ execution_id: 'run-2', path: '/other' });
});

test.each([
  ['a success', () => undefined],
  ['a failure', () => Promise.reject(new Error('failed'))],
])('after %s the step prepares for being frozen', async (_, run) => {
  const beforeFreeze = jest.fn();
  await handlerOf(run, beforeFreeze)(EVENT, context()).catch(() => {});
  expect(beforeFreeze).toHaveBeenCalledTimes(1);
});
