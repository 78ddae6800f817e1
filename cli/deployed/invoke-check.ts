import { setTimeout } from 'node:timers/promises';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import type { ServerCheckEvent } from '../../doctor/event.ts';
import { type ServerCheckReport, serverCheckReportSchema } from '../../doctor/report.ts';
import { MOST_CONNECTIONS } from '../../doctor/stages/session-stages.ts';
import { functionName } from '../../infra/pipeline/names.ts';
import { UsageError } from '../usage-error.ts';
import { AwsCallError, toAwsCallError } from './aws-call-error.ts';
import { giveBack, reserveCheckSessions, SessionsInUseError } from './check-sessions.ts';
import type { PipelineTarget } from './find-target.ts';
import { invokeFunction } from './invoke-function.ts';
import type { AwsLocation } from './step-functions/sfn-client.ts';
import { onceAwake, WAKING_ERRORS, type WakingWait } from './waking-function.ts';

/** Longer than the function may run. */
const ANSWER_TIMEOUT_MS = 150_000;
const CONNECT_TIMEOUT_MS = 5_000;

export interface CheckOptions {
  /** Log in once even where all sessions are held. */
  mayExceed: boolean;
  /** After it, the function's answer is no longer waited for. */
  signal: AbortSignal;
  /** Called with why the function waits to wake up, and for how long it has. */
  onWaiting: WakingWait['onWaiting'];
  /** Called where no session was reserved, with why, and with how many are opened all the same. */
  onUnreserved: (reason: string, sessions: number | undefined) => void;
}

/**
 * Lets the function of GetFileMetadata check its partner's server: its network is the one that the partner knows.
 * It runs once and never again by itself, since a check logs in, by sessions that are reserved for it. A function that is
 * waking up has not run, and is waited for, with nothing reserved meanwhile. Where it is not known whether the function has
 * ended, as after Ctrl-C, its sessions stay reserved until they end by themselves.
 * @throws AwsCallError; SessionsInUseError; UsageError when there is no such function
 */
export async function invokeCheck(
  { name: pipeline, label }: Pick<PipelineTarget, 'name' | 'label'>,
  event: ServerCheckEvent,
  { region, endpoint }: AwsLocation,
  { mayExceed, onWaiting, onUnreserved, signal }: CheckOptions,
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
  const invoke = async () => {
    const wanted = { wanted: MOST_CONNECTIONS, mayExceed, partner: label };
    const { heldAs, sessions, unreserved } = await reserveCheckSessions(client, pipeline, wanted, signal);
    if (unreserved !== undefined) onUnreserved(unreserved, sessions);
    const allowed = sessions === undefined ? event : { check: { ...event.check, sessions } };
    // While it is not known whether the function has ended, its sessions stay reserved.
    let isOver = true;
    try {
      return await invokeFunction(client, name, allowed, signal);
    } catch (error) {
      isOver = WAKING_ERRORS.includes((error as Error).name);
      throw error;
    } finally {
      if (isOver && heldAs !== undefined) await giveBack(client, pipeline, heldAs);
    }
  };
  const sleep = (ms: number) => setTimeout(ms, undefined, { signal });
  try {
    const answer = await onceAwake(invoke, { sleep, onWaiting }).catch((error: Error) => {
      signal.throwIfAborted();
      if (error instanceof SessionsInUseError) throw error;
      if (error.name !== 'ResourceNotFoundException') throw toAwsCallError(`Invoke of ${name}`, error);
      throw new UsageError(
        `there is no function ${name}; is the stack deployed, and is this the right region?`,
        {
          cause: error,
        },
      );
    });
    if (answer.failed) throw new AwsCallError(`${name} failed: ${answer.words}`, false);
    const report = serverCheckReportSchema.safeParse(answer.value);
    if (report.success) return report.data;
    throw new AwsCallError(`${name} answers no report; is an older version deployed?`, false, {
      cause: report.error,
    });
  } finally {
    client.destroy();
  }
}
