import { type RunOptions, StateMachine, type StateMachineDefinition } from 'aws-local-stepfunctions';
import { STEP_FUNCTIONS_MAX_PAYLOAD_BYTES } from '../transfer/limits.ts';
import { findTasks, type WorkflowDefinition } from './workflow-definition.ts';

/** Does the work of one Task state. The signal is aborted when nobody waits for the result any more. */
export type WorkflowTask = (input: unknown, signal: AbortSignal) => Promise<unknown>;

export type WorkflowEvent =
  ReturnType<StateMachine['run']>['eventLogs'] extends AsyncGenerator<infer Event> ? Event : never;

export type WorkflowOutcome =
  | { status: 'SUCCEEDED'; output: unknown }
  | { status: 'FAILED'; error: string; cause: string }
  | { status: 'ABORTED' };

export interface WorkflowRun {
  definition: WorkflowDefinition;
  /** One function per Task state, by the state's name. */
  tasks: Readonly<Record<string, WorkflowTask>>;
  input: unknown;
  executionId: string;
  /** Stops the execution: no further task starts, and no Catch runs, as with StopExecution. */
  signal: AbortSignal;
  onEvent?: (event: WorkflowEvent) => void;
  /** Replaces every Retry's waiting time; for tests. */
  retryIntervalMs?: number;
  /** Wait states that are over at once: the task before each waits itself, as it can be woken. */
  waitedByTasks?: readonly string[];
}

/**
 * Runs the workflow file on this machine, with an interpreter that differs from Step Functions in ways that matter
 * here. Made equal: payloads pass through JSON and its 262,144 bytes; a failed task's Cause is the JSON text that
 * Lambda gives; a task without a function is refused instead of calling AWS; and once a Map is over or the execution
 * stopped, its queued items fail at once instead of starting. Different from AWS: the Map's running tasks are
 * cancelled and awaited before the next state starts.
 * @throws Error if a Task state has no function
 */
export async function runWorkflow(run: WorkflowRun): Promise<WorkflowOutcome> {
  const handlers = guardTasks(run);
  // Its validator takes the placeholders for broken ARNs; the file is validated by the tests.
  const machine = new StateMachine(run.definition as unknown as StateMachineDefinition, {
    validationOptions: { noValidate: true },
  });
  const options: RunOptions = {
    overrides: {
      taskResourceLocalHandlers: handlers.byState,
      waitTimeOverrides: Object.fromEntries((run.waitedByTasks ?? []).map((state) => [state, 0])),
      ...(run.retryIntervalMs === undefined
        ? {}
        : { retryIntervalOverrides: overrideRetries(run.definition, run.retryIntervalMs) }),
    },
    noThrowOnAbort: true,
    context: {
      Execution: { Id: run.executionId, Name: run.executionId, StartTime: new Date().toISOString() },
    },
  };
  const execution = machine.run(run.input as never, options);
  const stop = () => execution.abort();
  run.signal.addEventListener('abort', stop, { once: true });
  const eventsDelivered = deliver(execution.eventLogs, run.onEvent);
  try {
    if (run.signal.aborted) stop();
    const output = await execution.result;
    return run.signal.aborted ? { status: 'ABORTED' } : { status: 'SUCCEEDED', output };
  } catch (error) {
    const failure = error instanceof Error && error.cause instanceof Error ? error.cause : (error as Error);
    return { status: 'FAILED', error: failure.name, cause: failure.message };
  } finally {
    run.signal.removeEventListener('abort', stop);
    // Items of a Map that has failed may be in a Wait, whose timer would keep the process.
    stop();
    await handlers.close();
    await eventsDelivered;
  }
}

async function deliver(
  events: AsyncGenerator<WorkflowEvent>,
  onEvent: WorkflowRun['onEvent'],
): Promise<void> {
  for await (const event of events) onEvent?.(event);
}

function overrideRetries(definition: WorkflowDefinition, intervalMs: number): Record<string, number> {
  return Object.fromEntries(findTasks(definition).map(({ name }) => [name, intervalMs]));
}

/** A failure as Step Functions shows it: `name` is its Error, `message` its Cause. */
class TaskFailure extends Error {
  readonly isRetryable: boolean;
  readonly isCatchable: boolean;

  constructor(name: string, cause: string, handling: { retryable: boolean; catchable: boolean }) {
    super(cause);
    this.name = name;
    this.isRetryable = handling.retryable;
    this.isCatchable = handling.catchable;
  }
}

const FINAL = { retryable: false, catchable: false };

function guardTasks(run: WorkflowRun) {
  const closing = new AbortController();
  const mapClosing = new AbortController();
  const inFlight = new Set<Promise<unknown>>();
  const stopped = AbortSignal.any([run.signal, closing.signal]);

  async function cancelMapTasks(): Promise<void> {
    mapClosing.abort(new Error('the Map state is over'));
    await Promise.allSettled(inFlight);
  }

  async function perform(
    name: string,
    work: WorkflowTask,
    input: unknown,
    insideMap: boolean,
  ): Promise<unknown> {
    const signal = insideMap ? AbortSignal.any([stopped, mapClosing.signal]) : stopped;
    if (signal.aborted) throw new TaskFailure('Cancelled', `${name} was not started`, FINAL);
    try {
      return passThroughState(await work(passThroughState(input), signal));
    } catch (error) {
      if (error instanceof TaskFailure) throw error;
      if (signal.aborted) throw new TaskFailure('Cancelled', `${name} was cancelled`, FINAL);
      throw asLambdaFailure(error);
    }
  }

  const byState: Record<string, (input: unknown) => Promise<never>> = {};
  for (const { name, insideMap } of findTasks(run.definition)) {
    const work = run.tasks[name];
    if (work === undefined) throw new Error(`no function for the Task state ${name}`);
    byState[name] = async (input) => {
      if (!insideMap && inFlight.size > 0) await cancelMapTasks();
      const performed = perform(name, work, input, insideMap);
      inFlight.add(performed);
      try {
        return (await performed) as never;
      } finally {
        inFlight.delete(performed);
      }
    };
  }

  async function close(): Promise<void> {
    closing.abort(new Error('the execution is over'));
    await Promise.allSettled(inFlight);
  }
  return { byState, close };
}

/** Lambda's error payload, which Step Functions gives as Cause. */
function asLambdaFailure(error: unknown): TaskFailure {
  const { name, message } = error instanceof Error ? error : new Error(String(error));
  const cause = JSON.stringify({ errorType: name, errorMessage: message });
  return new TaskFailure(name, cause, { retryable: true, catchable: true });
}

/** What a payload is after its way through a state: JSON, and bounded. */
function passThroughState(payload: unknown): unknown {
  const text = JSON.stringify(payload) ?? 'null';
  const sizeBytes = Buffer.byteLength(text);
  if (sizeBytes > STEP_FUNCTIONS_MAX_PAYLOAD_BYTES) {
    const cause = `the payload has ${sizeBytes} bytes, at most ${STEP_FUNCTIONS_MAX_PAYLOAD_BYTES} are allowed`;
    throw new TaskFailure('States.DataLimitExceeded', cause, FINAL);
  }
  return JSON.parse(text);
}
