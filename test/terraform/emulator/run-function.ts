import './world-clock.ts';
import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { json } from 'node:stream/consumers';

/**
 * Runs one invocation of a deployed function: `run-function.ts FOLDER HANDLER DESCRIPTOR`. The event comes on
 * stdin; the answer goes to the file descriptor as `{ value, threw }`, a thrown error in Lambda's form.
 */
const [folder = '', handlerName = '', descriptor = ''] = process.argv.slice(2);
const [file = '', exportName = ''] = handlerName.split('.');
const startedMs = performance.now();
const timeoutMs = Number(process.env.AWS_LAMBDA_FUNCTION_TIMEOUT) * 1_000;

const context = {
  functionName: process.env.AWS_LAMBDA_FUNCTION_NAME,
  functionVersion: '$LATEST',
  invokedFunctionArn: process.env.AWS_LAMBDA_FUNCTION_ARN,
  memoryLimitInMB: process.env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
  awsRequestId: process.env.AWS_REQUEST_ID,
  logGroupName: `/aws/lambda/${process.env.AWS_LAMBDA_FUNCTION_NAME}`,
  logStreamName: 'emulated',
  getRemainingTimeInMillis: () => timeoutMs - (performance.now() - startedMs),
};

async function run(): Promise<{ value: unknown; threw: boolean }> {
  const event = await json(process.stdin);
  try {
    const module = createRequire(import.meta.url)(path.join(folder, `${file}.js`));
    return { value: (await module[exportName](event, context)) ?? null, threw: false };
  } catch (error) {
    const { name, message, stack } = error instanceof Error ? error : new Error(String(error));
    return { value: { errorType: name, errorMessage: message, trace: stack?.split('\n') }, threw: true };
  }
}

void run().then((answer) => {
  writeFileSync(Number(descriptor), JSON.stringify(answer));
  process.exit(0);
});
