import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';

const RUNNER = join(import.meta.dirname, 'run-handler.ts');
const INVOKE = /^\/2015-03-31\/functions\/([^/]+)\/invocations/;

export interface FakeFunction {
  /** The file that exports `handler`. */
  handlerFile: string;
  environment: Readonly<Record<string, string>>;
  /** Name of the error with which Lambda refuses the call, so that nothing of the function runs. */
  refusedWith?: string;
}

export interface FakeLambda {
  endpoint: string;
  /** Events, in the order of the invocations. */
  invocations: { functionName: string; event: unknown }[];
  /** Everything that the functions wrote. */
  log(): string;
  close(): Promise<void>;
}

/**
 * An endpoint for Lambda's Invoke, which runs real handlers in processes of their own, and for Secrets Manager's
 * GetSecretValue, which gives the one secret to all of them.
 */
export async function startFakeLambda(
  functions: Readonly<Record<string, FakeFunction>>,
  secret: object,
): Promise<FakeLambda> {
  const invocations: FakeLambda['invocations'] = [];
  let log = '';

  async function invoke(functionName: string, event: string) {
    const { handlerFile, environment } = functions[functionName] as FakeFunction;
    invocations.push({ functionName, event: JSON.parse(event) });
    const child = spawn(process.execPath, [RUNNER, handlerFile], {
      env: {
        PATH: process.env.PATH,
        AWS_LAMBDA_FUNCTION_NAME: functionName,
        AWS_REGION: 'eu-central-1',
        AWS_ACCESS_KEY_ID: 'test',
        AWS_SECRET_ACCESS_KEY: 'test',
        AWS_ENDPOINT_URL: endpoint,
        POWERTOOLS_TRACE_ENABLED: 'false',
        POWERTOOLS_SERVICE_NAME: 'sftp-to-s3',
        POWERTOOLS_METRICS_NAMESPACE: 'SftpToS3',
        ...environment,
      },
      stdio: ['pipe', 'pipe', 'pipe', 'pipe'],
    });
    for (const output of [child.stdout, child.stderr]) {
      output.setEncoding('utf8').on('data', (line: string) => {
        log += line;
      });
    }
    child.stdin.end(event);
    return JSON.parse(await text(child.stdio[3] as Readable)) as { value?: unknown; thrown?: object };
  }

  const server = createServer(async (request, response) => {
    const body = await text(request);
    if (request.headers['x-amz-target'] === 'secretsmanager.GetSecretValue') {
      response.writeHead(200, { 'content-type': 'application/x-amz-json-1.1' });
      response.end(JSON.stringify({ SecretString: JSON.stringify(secret), VersionId: 'version-1' }));
      return;
    }
    const functionName = decodeURIComponent(INVOKE.exec(request.url ?? '')?.[1] ?? '');
    if (functions[functionName] === undefined) {
      response.writeHead(404, { 'x-amzn-errortype': 'ResourceNotFoundException' });
      response.end(JSON.stringify({ Message: `Function not found: ${functionName}` }));
      return;
    }
    const { refusedWith } = functions[functionName];
    if (refusedWith !== undefined) {
      response.writeHead(403, { 'x-amzn-errortype': refusedWith });
      response.end(JSON.stringify({ Message: `no permission for ${functionName}` }));
      return;
    }
    const { value, thrown } = await invoke(functionName, body);
    response.writeHead(200, thrown === undefined ? {} : { 'x-amz-function-error': 'Unhandled' });
    response.end(JSON.stringify(thrown ?? value));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    endpoint,
    invocations,
    log: () => log,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
