import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import type { DescribeExecutionOutput, HistoryEvent } from '@aws-sdk/client-sfn';

/** Smaller than any real one, so that every history has several. */
const PAGE_EVENTS = 7;

export interface FakeStepFunctions {
  endpoint: string;
  close(): Promise<void>;
}

/** Answers DescribeExecution and GetExecutionHistory for one execution, in the service's own JSON. */
export async function startFakeStepFunctions(
  execution: DescribeExecutionOutput,
  events: readonly HistoryEvent[],
): Promise<FakeStepFunctions> {
  const server = createServer(async (request, response) => {
    const body = (await json(request)) as { executionArn: string; nextToken?: string };
    const answer =
      body.executionArn !== execution.executionArn
        ? {
            status: 400,
            body: {
              __type: 'ExecutionDoesNotExist',
              message: `Execution Does Not Exist: '${body.executionArn}'`,
            },
          }
        : { status: 200, body: answerTo(String(request.headers['x-amz-target']), body.nextToken) };
    response.writeHead(answer.status, { 'content-type': 'application/x-amz-json-1.0' });
    response.end(JSON.stringify(answer.body));
  });

  function answerTo(target: string, nextToken = '0'): unknown {
    if (target === 'AWSStepFunctions.DescribeExecution') return withEpochSeconds(execution);
    const from = Number(nextToken);
    const to = from + PAGE_EVENTS;
    return {
      events: events.slice(from, to).map(withEpochSeconds),
      ...(to < events.length && { nextToken: String(to) }),
    };
  }

  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** The service writes points in time as seconds. */
function withEpochSeconds(record: object): unknown {
  return Object.fromEntries(
    Object.entries(record).map(([key, value]) => [
      key,
      value instanceof Date ? value.getTime() / 1_000 : value,
    ]),
  );
}
