import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import type { DescribeExecutionOutput, HistoryEvent } from '@aws-sdk/client-sfn';
import { answerScheduler, type FakeSchedules } from './fake-scheduler.ts';

/** An execution as the fake keeps it; tests may change it while it is looked at. */
export interface FakeExecution {
  description: DescribeExecutionOutput;
  /** In their order. */
  events: HistoryEvent[];
}

export interface FakeStepFunctions {
  endpoint: string;
  /** ARNs of the state machines. */
  stateMachines: string[];
  /** Of EventBridge Scheduler, which the same endpoint serves, by their group. */
  schedules: FakeSchedules;
  /** In the order of their start. */
  executions: FakeExecution[];
  /** Every call, in its order. */
  calls: { action: string; body: Record<string, unknown> }[];
  /** Called before a call is answered; what it returns is answered instead, as an error. */
  refuse: (action: string) => { status: number; type: string; message?: string } | undefined;
  /** Makes the execution that a StartExecution starts. */
  onStart: (request: { arn: string; stateMachineArn: string; input: string }) => FakeExecution;
  /** The largest page; smaller than any real one by default, so that everything has several. */
  maxPage: number;
  close(): Promise<void>;
}

type Body = Record<string, unknown>;
type Answer = { status: number; body: object };

/** A Step Functions endpoint in memory, in the service's own JSON. Nothing in it runs. */
export async function startFakeStepFunctions(): Promise<FakeStepFunctions> {
  const server = createServer(async (request, response) => {
    if (request.url?.startsWith('/schedules')) return answerScheduler(fake.schedules, request, response);
    const action = String(request.headers['x-amz-target']).replace('AWSStepFunctions.', '');
    const body = (await json(request)) as Body;
    fake.calls.push({ action, body });
    const refusal = fake.refuse(action);
    const answer =
      refusal === undefined
        ? answerTo(fake, action, body)
        : error(refusal.type, refusal.message ?? 'refused by the test', refusal.status);
    response.writeHead(answer.status, { 'content-type': 'application/x-amz-json-1.0' });
    response.end(JSON.stringify(answer.body, secondsForDates));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const fake: FakeStepFunctions = {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stateMachines: [],
    schedules: new Map(),
    executions: [],
    calls: [],
    maxPage: 7,
    refuse: () => undefined,
    onStart: ({ arn, stateMachineArn, input }) => ({
      description: {
        executionArn: arn,
        stateMachineArn,
        status: 'RUNNING',
        startDate: new Date(),
        input,
      },
      events: [],
    }),
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
  return fake;
}

function answerTo(fake: FakeStepFunctions, action: string, body: Body): Answer {
  switch (action) {
    case 'ListStateMachines': {
      const machines = fake.stateMachines.map((stateMachineArn) => ({
        stateMachineArn,
        name: stateMachineArn.split(':').at(-1),
        type: 'STANDARD',
        creationDate: new Date(0),
      }));
      return page('stateMachines', machines, body, fake.maxPage);
    }
    case 'StartExecution':
      return start(fake, body);
    case 'ListExecutions': {
      const executions = fake.executions
        .map(({ description }) => description)
        .filter(({ stateMachineArn }) => stateMachineArn === body.stateMachineArn)
        .filter(({ status }) => body.statusFilter === undefined || status === body.statusFilter)
        .toReversed();
      return page('executions', executions, body, fake.maxPage);
    }
  }
  const execution = fake.executions.find(({ description }) => description.executionArn === body.executionArn);
  if (execution === undefined) {
    return error('ExecutionDoesNotExist', `Execution Does Not Exist: '${body.executionArn}'`);
  }
  switch (action) {
    case 'DescribeExecution':
      return { status: 200, body: execution.description };
    case 'StopExecution':
      return stop(execution, body);
    case 'GetExecutionHistory': {
      // A token goes with its request: the service refuses it for another one.
      const events = body.reverseOrder === true ? execution.events.toReversed() : execution.events;
      return page('events', events, body, fake.maxPage);
    }
  }
  return error('UnknownOperationException', action);
}

function start(fake: FakeStepFunctions, body: Body): Answer {
  const stateMachineArn = String(body.stateMachineArn);
  if (!fake.stateMachines.includes(stateMachineArn)) {
    return error('StateMachineDoesNotExist', `State Machine Does Not Exist: '${stateMachineArn}'`);
  }
  const name = String(body.name ?? `execution-${fake.executions.length + 1}`);
  const arn = `${stateMachineArn.replace(':stateMachine:', ':execution:')}:${name}`;
  const execution = fake.onStart({ arn, stateMachineArn, input: String(body.input) });
  fake.executions.push(execution);
  return { status: 200, body: { executionArn: arn, startDate: execution.description.startDate } };
}

function stop({ description, events }: FakeExecution, body: Body): Answer {
  const stopDate = new Date();
  if (description.status === 'RUNNING') {
    Object.assign(description, { status: 'ABORTED', stopDate, error: body.error, cause: body.cause });
    events.push({ id: events.length + 1, previousEventId: 0, timestamp: stopDate, type: 'ExecutionAborted' });
  }
  return { status: 200, body: { stopDate } };
}

/** One page of a list. The token also holds the page's size, which may not change. */
function page(key: string, items: readonly object[], body: Body, maxPage: number): Answer {
  const size = Math.min(Number(body.maxResults ?? maxPage), maxPage);
  const [from = 0, tokenSize = body.maxResults] = String(body.nextToken ?? '')
    .split('/')
    .filter(Boolean)
    .map(Number);
  if (tokenSize !== body.maxResults) return error('InvalidToken', 'the token is of another request');
  const to = from + size;
  return {
    status: 200,
    body: {
      [key]: items.slice(from, to),
      ...(to < items.length && { nextToken: `${to}/${body.maxResults}` }),
    },
  };
}

function error(type: string, message: string, status = 400): Answer {
  return { status, body: { __type: type, message } };
}

/** The service writes points in time as seconds. */
function secondsForDates(this: Record<string, unknown>, key: string, value: unknown): unknown {
  const original = this[key];
  return original instanceof Date ? original.getTime() / 1_000 : value;
}
