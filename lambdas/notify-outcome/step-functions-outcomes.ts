import {
  DescribeExecutionCommand,
  GetExecutionHistoryCommand,
  ListExecutionsCommand,
  type SFNClient,
} from '@aws-sdk/client-sfn';
import { parseJson } from '../../transfer/text/parse-json.ts';
import type { EndedExecution, Outcomes } from './outcome.ts';

/** Of failures in one day; the day's mails have long been sent by then. */
const MAX_FAILURES = 100;
/** The last state is within the last events, its retries included. */
const LAST_EVENTS = 100;
/** Every end that a Catch or success leads to goes through it. */
const LAST_STEP = 'ReleaseSessions';

/** Reads executions from Step Functions. */
export class StepFunctionsOutcomes implements Outcomes {
  readonly #client: SFNClient;

  constructor(client: SFNClient) {
    this.#client = client;
  }

  async describe(executionArn: string, signal: AbortSignal): Promise<EndedExecution> {
    const found = await this.#client.send(new DescribeExecutionCommand({ executionArn }), {
      abortSignal: signal,
    });
    const { startDate, stopDate, error, cause } = found;
    const startedAtMs = startDate?.getTime() ?? Date.now();
    return {
      arn: executionArn,
      name: found.name ?? '',
      input: parseJson(found.input),
      ...(error !== undefined && { error }),
      ...(cause !== undefined && { cause }),
      startedAtMs,
      endedAtMs: stopDate?.getTime() ?? startedAtMs,
    };
  }

  async failedSince(
    stateMachineArn: string,
    sinceMs: number,
    isWanted: (name: string) => boolean,
    signal: AbortSignal,
  ): Promise<EndedExecution[]> {
    const found: EndedExecution[] = [];
    let nextToken: string | undefined;
    do {
      const page = await this.#client.send(
        new ListExecutionsCommand({ stateMachineArn, statusFilter: 'FAILED', nextToken }),
        { abortSignal: signal },
      );
      for (const { executionArn = '', name = '', startDate } of page.executions ?? []) {
        // Newest first: what follows is older still.
        if ((startDate?.getTime() ?? 0) < sinceMs || found.length === MAX_FAILURES) return found;
        if (isWanted(name)) found.push(await this.describe(executionArn, signal));
      }
      nextToken = page.nextToken;
    } while (nextToken !== undefined);
    return found;
  }

  async stateAtEnd(executionArn: string, signal: AbortSignal): Promise<unknown> {
    const { events = [] } = await this.#client.send(
      new GetExecutionHistoryCommand({ executionArn, maxResults: LAST_EVENTS, reverseOrder: true }),
      { abortSignal: signal },
    );
    const entered = events.filter(({ stateEnteredEventDetails: state }) => state?.name === LAST_STEP);
    const last = entered.toSorted((a, b) => (b.id ?? 0) - (a.id ?? 0))[0];
    return parseJson(last?.stateEnteredEventDetails?.input);
  }
}
