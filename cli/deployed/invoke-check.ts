import { setTimeout as sleep } from 'node:timers/promises';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import type { ServerCheckEvent } from '../../doctor/event.ts';
import { type ServerCheckReport, serverCheckReportSchema } from '../../doctor/report.ts';
import { functionName } from '../../infra/pipeline/names.ts';
import { UsageError } from '../usage-error.ts';
import { AwsCallError, toAwsCallError } from './aws-call-error.ts';
import type { AwsLocation } from './step-functions/sfn-client.ts';
import { onceAwake, type WakingWait } from './waking-function.ts';

/** Longer than the function may run. */
const ANSWER_TIMEOUT_MS = 150_000;
const CONNECT_TIMEOUT_MS = 5_000;

/**
 * Lets the function of GetFileMetadata check its partner's server: its network is the one that the partner knows.
 * It runs once and never again by itself, since a check logs in. A function that is waking up has not run, and is waited
 * for.
 * @param pipeline the name of the partner's pipeline
 * @param onWaiting called with why it waits, and for how long it has
 * @throws AwsCallError; UsageError when there is no such function
 */
export async function invokeCheck(
  pipeline: string,
  event: ServerCheckEvent,
  { region, endpoint }: AwsLocation,
  onWaiting: WakingWait['onWaiting'],
): Promise<ServerCheckReport> {
  const name = functionName(pipeline, 'get-file-metadata');
  const client = new LambdaClient({
    ...(region !== undefined && { region }),
    ...(endpoint !== undefined && { endpoint }),
    maxAttempts: 1,
    requestHandler: new NodeHttpHandler({
      connectionTimeout: CONNECT_TIMEOUT_MS,
      socketTimeout: ANSWER_TIMEOUT_MS,
    }),
  });
  try {
    const command = new InvokeCommand({ FunctionName: name, Payload: JSON.stringify(event) });
    const { Payload, FunctionError } = await onceAwake(() => client.send(command), {
      sleep,
      onWaiting,
    }).catch((error: Error) => {
      if (error.name !== 'ResourceNotFoundException') throw toAwsCallError(`Invoke of ${name}`, error);
      throw new UsageError(
        `there is no function ${name}; is the stack deployed, and is this the right region?`,
        {
          cause: error,
        },
      );
    });
    const answer: unknown = JSON.parse(Payload?.transformToString() ?? 'null');
    if (FunctionError !== undefined) throw new AwsCallError(`${name} failed: ${messageOf(answer)}`, false);
    const report = serverCheckReportSchema.safeParse(answer);
    if (report.success) return report.data;
    throw new AwsCallError(`${name} answers no report; is an older version deployed?`, false, {
      cause: report.error,
    });
  } finally {
    client.destroy();
  }
}

/** How Lambda reports what a function threw. */
function messageOf(answer: unknown): string {
  const { errorType = 'Error', errorMessage = '' } = (answer ?? {}) as {
    errorType?: string;
    errorMessage?: string;
  };
  return `${errorType}: ${errorMessage}`;
}
