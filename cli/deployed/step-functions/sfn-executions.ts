import {
  DescribeExecutionCommand,
  ExecutionAlreadyExists,
  ExecutionDoesNotExist,
  type ExecutionListItem,
  GetExecutionHistoryCommand,
  InvalidArn,
  InvalidName,
  ListExecutionsCommand,
  ListStateMachinesCommand,
  type SFNClient,
  StartExecutionCommand,
  StateMachineDoesNotExist,
  type StateMachineListItem,
  StopExecutionCommand,
} from '@aws-sdk/client-sfn';
import { STOPPED_BY_OPERATOR } from '../../../transfer/stopped-by-operator.ts';
import { UsageError } from '../../usage-error.ts';
import { toAwsCallError } from '../aws-call-error.ts';
import type { Executions } from './executions.ts';

/** Step Functions' largest page. */
const PAGE_SIZE = 1_000;
/** What a person can put right on the command line. */
const USAGE_ERRORS = [
  ExecutionAlreadyExists,
  ExecutionDoesNotExist,
  InvalidArn,
  InvalidName,
  StateMachineDoesNotExist,
];

/** Executions through the AWS SDK. */
export class SfnExecutions implements Executions {
  readonly #client: SFNClient;

  constructor(client: SFNClient) {
    this.#client = client;
  }

  async start(
    { stateMachineArn, input, name }: Parameters<Executions['start']>[0],
    signal: AbortSignal,
  ): Promise<string> {
    const command = new StartExecutionCommand({ stateMachineArn, input, name });
    const { executionArn } = await this.#send('StartExecution', signal, (options) =>
      this.#client.send(command, options),
    );
    return String(executionArn);
  }

  describe(executionArn: string, signal: AbortSignal) {
    const command = new DescribeExecutionCommand({ executionArn });
    return this.#send('DescribeExecution', signal, (options) => this.#client.send(command, options));
  }

  async list(
    stateMachineArn: string,
    { limit, status }: Parameters<Executions['list']>[1],
    signal: AbortSignal,
  ): Promise<ExecutionListItem[]> {
    const found: ExecutionListItem[] = [];
    let nextToken: string | undefined;
    do {
      const command = new ListExecutionsCommand({
        stateMachineArn,
        maxResults: Math.min(limit, PAGE_SIZE),
        ...(status !== undefined && { statusFilter: status }),
        ...(nextToken !== undefined && { nextToken }),
      });
      const page = await this.#send('ListExecutions', signal, (options) =>
        this.#client.send(command, options),
      );
      found.push(...(page.executions ?? []));
      nextToken = page.nextToken;
    } while (nextToken !== undefined && found.length < limit);
    return found.slice(0, limit);
  }

  async stop(executionArn: string, cause: string, signal: AbortSignal): Promise<void> {
    const command = new StopExecutionCommand({ executionArn, error: STOPPED_BY_OPERATOR, cause });
    await this.#send('StopExecution', signal, (options) => this.#client.send(command, options));
  }

  async newestEvents(
    executionArn: string,
    { size, nextToken }: Parameters<Executions['newestEvents']>[1],
    signal: AbortSignal,
  ) {
    const command = new GetExecutionHistoryCommand({
      executionArn,
      maxResults: size,
      reverseOrder: true,
      includeExecutionData: true,
      ...(nextToken !== undefined && { nextToken }),
    });
    const page = await this.#send('GetExecutionHistory', signal, (options) =>
      this.#client.send(command, options),
    );
    return { events: page.events ?? [], nextToken: page.nextToken };
  }

  async findStateMachine(name: string, signal: AbortSignal): Promise<string | undefined> {
    for await (const machines of this.#stateMachines(signal)) {
      const found = machines.find((machine) => machine.name === name);
      if (found !== undefined) return found.stateMachineArn;
    }
    return undefined;
  }

  async listStateMachines(prefix: string, signal: AbortSignal): Promise<{ name: string; arn: string }[]> {
    const found: { name: string; arn: string }[] = [];
    for await (const machines of this.#stateMachines(signal)) {
      for (const { name = '', stateMachineArn = '' } of machines)
        if (name.startsWith(prefix)) found.push({ name, arn: stateMachineArn });
    }
    return found;
  }

  /** Page by page. */
  async *#stateMachines(signal: AbortSignal): AsyncGenerator<StateMachineListItem[]> {
    let nextToken: string | undefined;
    do {
      const command = new ListStateMachinesCommand({
        maxResults: PAGE_SIZE,
        ...(nextToken !== undefined && { nextToken }),
      });
      const page = await this.#send('ListStateMachines', signal, (options) =>
        this.#client.send(command, options),
      );
      yield page.stateMachines ?? [];
      nextToken = page.nextToken;
    } while (nextToken !== undefined);
  }

  async #send<T>(
    call: string,
    signal: AbortSignal,
    send: (options: { abortSignal: AbortSignal }) => Promise<T>,
  ): Promise<T> {
    try {
      return await send({ abortSignal: signal });
    } catch (error) {
      signal.throwIfAborted();
      if (USAGE_ERRORS.some((kind) => error instanceof kind)) {
        throw new UsageError((error as Error).message, { cause: error });
      }
      throw toAwsCallError(call, error, await this.#asked());
    }
  }

  /** Where the calls go, for errors: a mistyped region is seen by nothing else. */
  async #asked(): Promise<string> {
    const { region, endpoint } = this.#client.config;
    const [name, custom] = await Promise.all([
      region().catch(() => 'none'),
      endpoint?.().then(({ hostname, port }) => (port === undefined ? hostname : `${hostname}:${port}`)),
    ]);
    return custom === undefined ? `region ${name}` : `region ${name}, endpoint ${custom}`;
  }
}
