import { writeSync } from 'node:fs';
import { json } from 'node:stream/consumers';
import { pathToFileURL } from 'node:url';

/**
 * Runs one invocation of a Lambda handler in a process of its own: `run-handler.ts FILE`. The event comes on stdin;
 * the answer goes to file descriptor 3 as `{ value }` or `{ thrown }`, in Lambda's form.
 */
const [file = ''] = process.argv.slice(2);
const timeoutMs = 120_000;
const startedMs = performance.now();
const context = {
  functionName: process.env.AWS_LAMBDA_FUNCTION_NAME,
  invokedFunctionArn: `arn:aws:lambda:eu-central-1:123456789012:function:${process.env.AWS_LAMBDA_FUNCTION_NAME}`,
  memoryLimitInMB: '512',
  awsRequestId: 'request-1',
  getRemainingTimeInMillis: () => timeoutMs - (performance.now() - startedMs),
};

async function run(): Promise<object> {
  const event = await json(process.stdin);
  const { handler } = await import(pathToFileURL(file).href);
  try {
    return { value: await handler(event, context) };
  } catch (error) {
    const { name, message } = error as Error;
    return { thrown: { errorType: name, errorMessage: message } };
  }
}

void run().then((answer) => {
  writeSync(3, JSON.stringify(answer));
  process.exit(0);
});
