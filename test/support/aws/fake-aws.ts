import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import type { HistoryEvent } from '@aws-sdk/client-sfn';

/** A secret's versions: the first is AWSCURRENT, the second AWSPREVIOUS. */
export interface FakeSecret {
  versionId: string;
  /** What the operator wrote. */
  text: string;
}

export interface FakeAws {
  endpoint: string;
  /** Told apart by name or ARN. */
  secrets: Map<string, FakeSecret[]>;
  /** By the execution's ARN. */
  histories: Map<string, HistoryEvent[]>;
  /** Names of the calls so far, such as `GetSecretValue`. */
  calls: string[];
  close(): Promise<void>;
}

interface CallInput {
  SecretId: string;
  SecretString?: string;
  VersionId?: string;
  VersionStage?: string;
  executionArn: string;
  maxResults?: number;
  nextToken?: string;
}

/** As much of Secrets Manager and Step Functions as the functions call. */
export async function startFakeAws(): Promise<FakeAws> {
  const secrets: FakeAws['secrets'] = new Map();
  const histories: FakeAws['histories'] = new Map();
  const calls: string[] = [];

  const getSecretValue = ({ SecretId, VersionId, VersionStage }: CallInput): object | undefined => {
    const versions = secrets.get(SecretId) ?? [];
    const found =
      VersionId === undefined
        ? versions[VersionStage === 'AWSPREVIOUS' ? 1 : 0]
        : versions.find(({ versionId }) => versionId === VersionId);
    return found && { ARN: SecretId, VersionId: found.versionId, SecretString: found.text };
  };
  const putSecretValue = ({ SecretId, SecretString = '' }: CallInput): object | undefined => {
    const versions = secrets.get(SecretId);
    const version = { versionId: `version-${(versions?.length ?? 0) + 1}`, text: SecretString };
    versions?.unshift(version);
    return versions && { ARN: SecretId, VersionId: version.versionId };
  };
  const getExecutionHistory = (input: CallInput): object | undefined => {
    const events = histories.get(input.executionArn);
    if (events === undefined) return undefined;
    const start = Number(input.nextToken ?? 0);
    const end = start + (input.maxResults ?? 100);
    const page = events.slice(start, end).map((event) => ({ ...event, timestamp: 1_800_000_000 }));
    return { events: page, ...(end < events.length && { nextToken: String(end) }) };
  };

  const server = createServer((request, response) => {
    void answer(request, response, (call, input) => {
      calls.push(call);
      if (call === 'GetSecretValue') return getSecretValue(input);
      if (call === 'PutSecretValue') return putSecretValue(input);
      if (call === 'GetExecutionHistory') return getExecutionHistory(input);
      return undefined;
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    secrets,
    histories,
    calls,
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  perform: (call: string, input: CallInput) => object | undefined,
): Promise<void> {
  const call = String(request.headers['x-amz-target']).split('.').at(-1) ?? '';
  const found = perform(call, (await json(request)) as CallInput);
  response.writeHead(found === undefined ? 400 : 200, { 'content-type': 'application/x-amz-json-1.1' });
  response.end(JSON.stringify(found ?? { __type: 'ResourceNotFoundException', message: 'there is none' }));
}
