import type { Context } from 'aws-lambda';
import type { z } from 'zod';
import { parseContract } from '../../transfer/contracts.ts';
import { DeadlineReached, startDeadline } from '../../transfer/deadline.ts';
import type { TransferError } from '../../transfer/errors.ts';
import type { LogFields, Telemetry } from '../../transfer/telemetry.ts';
import { PowertoolsTelemetry } from './powertools-telemetry.ts';

/** Time kept at the end of an invocation to close connections and to say why it ended. */
const DEADLINE_MARGIN_MS = 10_000;

/** What a step has of it to end by itself; what then still waits for somebody is left behind. */
const DEADLINE_GRACE_MS = 5_000;
export interface Invocation {
  telemetry: Telemetry;
  /** Aborted at `deadlineAtMs`, with DeadlineReached. */
  signal: AbortSignal;
  /** Milliseconds since 1970-01-01 UTC. */
  deadlineAtMs: number;
}

export interface Step<Event, Result> {
  /** The step's name, as its folder has it. */
  name: string;
  partner: string;
  eventSchema: z.ZodType<Event>;
  /** What every log line of an invocation has, besides step and partner. */
  logFields: (event: Event) => LogFields;
  run: (event: Event, invocation: Invocation) => Promise<Result> | Result;
  /**
   * What to throw when the function's time is nearly over and `run` did not say it itself. A step that waits for
   * nothing has none.
   */
  deadlineError?: (message: string) => TransferError;
  /** After every invocation, before Lambda may freeze the process for any length of time. */
  beforeFreeze?: () => void;
}

/**
 * Makes a Lambda handler of a step: parses the event, watches the function's remaining time, logs and counts what
 * happens, and lets every failure out, since only what is thrown reaches Retry, Catch and the Errors metric.
 */
export function lambdaHandler<Event, Result>(step: Step<Event, Result>) {
  const telemetry = new PowertoolsTelemetry(step.name, step.partner);
  return async (input: unknown, context: Context): Promise<Result> => {
    const remainingMs = context.getRemainingTimeInMillis();
    const deadline = startDeadline(remainingMs, DEADLINE_MARGIN_MS);
    const deadlineAtMs = Date.now() + remainingMs - DEADLINE_MARGIN_MS;
    const overdue = rejectAfterAbort(deadline.signal, DEADLINE_GRACE_MS);
    const endInvocation = telemetry.begin(context, { execution_id: executionIdOf(input) });
    try {
      const event = parseContract(step.eventSchema, input);
      telemetry.addLogFields(step.logFields(event));
      const running = Promise.resolve(step.run(event, { telemetry, signal: deadline.signal, deadlineAtMs }));
      const result = await Promise.race([running, overdue.promise]);
      endInvocation();
      return result;
    } catch (error) {
      const named =
        error instanceof DeadlineReached ? (step.deadlineError?.(deadlineMessage(context)) ?? error) : error;
      endInvocation(named);
      throw named;
    } finally {
      deadline.cancel();
      overdue.cancel();
      step.beforeFreeze?.();
    }
  };
}

/** So that the named error wins over Lambda's kill, whatever the step waits for. */
function rejectAfterAbort(
  signal: AbortSignal,
  graceMs: number,
): { promise: Promise<never>; cancel: () => void } {
  const { promise, reject } = Promise.withResolvers<never>();
  promise.catch(() => {});
  let timer: NodeJS.Timeout | undefined;
  const onAbort = () => {
    timer = setTimeout(() => reject(signal.reason), graceMs);
  };
  signal.addEventListener('abort', onAbort, { once: true });
  return {
    promise,
    cancel() {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
    },
  };
}

function deadlineMessage(context: Context): string {
  return `${context.functionName} was stopped ${context.getRemainingTimeInMillis()} ms before its timeout; raise the function timeout`;
}

function executionIdOf(input: unknown): unknown {
  return typeof input === 'object' && input !== null && 'execution_id' in input
    ? input.execution_id
    : undefined;
}
