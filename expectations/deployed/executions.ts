import {
  DescribeExecutionCommand,
  ExecutionDoesNotExist,
  GetExecutionHistoryCommand,
  ListExecutionsCommand,
  type SFNClient,
  StateMachineDoesNotExist,
} from '@aws-sdk/client-sfn';
import { readableCause } from '../../transfer/text/lambda-error.ts';
import { parseJson } from '../../transfer/text/parse-json.ts';

/** One execution as far as expectations care. */
export interface SeenExecution {
  arn: string;
  name: string;
  status: string;
  startedAtMs: number;
  /** Absent while it runs. */
  endedAtMs?: number;
  input: unknown;
  output: unknown;
  /** Of one that failed. */
  errorName: string;
  message: string;
}

/** A day of a schedule that starts every minute; beyond it nobody looks. */
const MAX_LISTED = 1_500;
const PAGE = 100;
/** The events up to the start of the upload are fewer. */
const FIRST_EVENTS = 100;
/** Executions that are over never change. */
const MAX_REMEMBERED = 5_000;

/** Reads executions; what is over is asked for once. */
export class ExecutionReader {
  readonly #client: Pick<SFNClient, 'send'>;
  readonly #ended = new Map<string, SeenExecution>();

  constructor(client: Pick<SFNClient, 'send'>) {
    this.#client = client;
  }

  /**
   * Those that began at `sinceMs` or later, newest first; none where there is no such state machine.
   * @param isWanted by its name: who is not wanted is not asked for
   */
  async *since(
    stateMachineArn: string,
    sinceMs: number,
    isWanted: (name: string) => boolean,
    signal: AbortSignal,
  ): AsyncIterable<SeenExecution> {
    let nextToken: string | undefined;
    let listed = 0;
    do {
      const page = await this.#list(stateMachineArn, nextToken, signal);
      for (const { executionArn = '', name = '', startDate } of page.executions ?? []) {
        if ((startDate?.getTime() ?? 0) < sinceMs) return;
        listed += 1;
        if (isWanted(name)) yield await this.#describe(executionArn, signal);
      }
      nextToken = page.nextToken;
    } while (nextToken !== undefined && listed < MAX_LISTED);
  }

  /** The output of the first states of an execution that runs, newest first; none before it was started. */
  async firstOutputs(executionArn: string, signal: AbortSignal): Promise<unknown[]> {
    const command = new GetExecutionHistoryCommand({ executionArn, maxResults: FIRST_EVENTS });
    const { events = [] } = await this.#client
      .send(command, { abortSignal: signal })
      .catch(nothingIf(ExecutionDoesNotExist));
    return events
      .flatMap(({ stateExitedEventDetails }) => parseJson(stateExitedEventDetails?.output) ?? [])
      .reverse();
  }

  #list(stateMachineArn: string, nextToken: string | undefined, signal: AbortSignal) {
    const command = new ListExecutionsCommand({ stateMachineArn, maxResults: PAGE, nextToken });
    return this.#client.send(command, { abortSignal: signal }).catch(nothingIf(StateMachineDoesNotExist));
  }

  async #describe(arn: string, signal: AbortSignal): Promise<SeenExecution> {
    const known = this.#ended.get(arn);
    if (known !== undefined) return known;
    const command = new DescribeExecutionCommand({ executionArn: arn });
    const {
      name = '',
      status = '',
      startDate,
      stopDate,
      input,
      output,
      error,
      cause,
    } = await this.#client.send(command, { abortSignal: signal });
    const seen: SeenExecution = {
      arn,
      name,
      status,
      startedAtMs: startDate?.getTime() ?? 0,
      ...(stopDate !== undefined && { endedAtMs: stopDate.getTime() }),
      input: parseJson(input),
      output: parseJson(output),
      errorName: error ?? (status === 'TIMED_OUT' ? 'States.Timeout' : `States.${status}`),
      message: readableCause(cause ?? ''),
    };
    if (stopDate !== undefined) {
      if (this.#ended.size >= MAX_REMEMBERED) this.#ended.clear();
      this.#ended.set(arn, seen);
    }
    return seen;
  }
}

/** What is asked for is not there: an answer without anything. */
function nothingIf(kind: typeof ExecutionDoesNotExist | typeof StateMachineDoesNotExist) {
  return (error: unknown): Record<string, never> => {
    if (error instanceof kind) return {};
    throw error;
  };
}
