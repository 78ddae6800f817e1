import {
  Agent,
  type ClientRequest,
  createServer,
  type IncomingMessage,
  type ServerResponse,
  request as sendRequest,
} from 'node:http';
import type { AddressInfo } from 'node:net';

const LOOPBACK = '127.0.0.1';

export type S3Operation =
  | 'CreateMultipartUpload'
  | 'UploadPart'
  | 'ListParts'
  | 'CompleteMultipartUpload'
  | 'AbortMultipartUpload'
  | 'HeadObject'
  | 'other';

/** A request as the front sees it before anything is done with it. */
export interface S3Request {
  operation: S3Operation;
  /** Undefined where the request names none. */
  bucket: string | undefined;
  /** Counted from 1 over the requests of this operation. */
  number: number;
  /** Of UploadPart. */
  partNumber?: number;
}

export type S3Fault =
  /** Answered with this status and S3's code for it, or `code`; the store hears nothing. */
  | { what: 'refuse'; status: 400 | 404 | 500 | 503; code?: string }
  /** Handed on only after so long. */
  | { what: 'delay'; delayMs: number }
  /** Handed on once this has settled: what two requests do to each other is then certain on any machine. */
  | { what: 'hold'; until: Promise<unknown> }
  /** The connection is reset once the request's body has come so far, at its end at the latest. */
  | { what: 'reset'; afterBytes: number }
  /** Answered 200 with an error document in it, as CompleteMultipartUpload can be; the store hears nothing. */
  | { what: 'error inside 200' }
  /** The store does it, and its answer is lost with the connection; `andThen` is called in between. */
  | { what: 'lose the answer'; andThen?: () => void }
  /** Answered as done; the store hears nothing. */
  | { what: 'feign' };

export interface S3FaultFront {
  endpoint: string;
  /** Requests so far. */
  count(operation: S3Operation): number;
  /** Faults done so far, in order, such as `UploadPart: reset`. */
  readonly faults: readonly string[];
  close(): Promise<void>;
}

/**
 * Stands before the S3 server at `targetEndpoint` and hands every request on, except where `faultOf` names a fault.
 */
export async function startS3FaultFront(
  targetEndpoint: string,
  faultOf: (request: S3Request) => S3Fault | undefined,
): Promise<S3FaultFront> {
  const { hostname: host, port: targetPort } = new URL(targetEndpoint);
  const agent = new Agent({ keepAlive: true });
  const counts = new Map<S3Operation, number>();
  const faults: string[] = [];
  const delays = new Set<NodeJS.Timeout>();

  const forward = (incoming: IncomingMessage, onAnswer: (answer: IncomingMessage) => void): ClientRequest => {
    const { method, url: path, headers } = incoming;
    const { expect: _, ...kept } = headers;
    const outgoing = sendRequest({ host, port: targetPort, agent, method, path, headers: kept }, onAnswer);
    outgoing.on('error', () => incoming.socket.destroy());
    incoming.once('close', () => {
      if (!incoming.complete) outgoing.destroy();
    });
    incoming.pipe(outgoing);
    return outgoing;
  };

  const handOn = (incoming: IncomingMessage, response: ServerResponse): void => {
    forward(incoming, (answer) => {
      response.writeHead(answer.statusCode ?? 500, answer.headers);
      answer.pipe(response);
      answer.on('error', () => response.destroy());
      response.once('close', () => answer.destroy());
    });
  };

  const serve = (incoming: IncomingMessage, response: ServerResponse): void => {
    response.on('error', () => {});
    incoming.on('error', () => {});
    const request = identify(incoming, counts);
    const fault = faultOf(request);
    if (fault === undefined) {
      handOn(incoming, response);
      return;
    }
    faults.push(`${request.operation}: ${fault.what}`);
    switch (fault.what) {
      case 'refuse':
        incoming.resume();
        response.writeHead(fault.status, { 'content-type': 'application/xml' });
        response.end(errorDocument(fault.code ?? (fault.status === 503 ? 'SlowDown' : 'InternalError')));
        break;
      case 'error inside 200':
        incoming.resume();
        response.writeHead(200, { 'content-type': 'application/xml' });
        response.end(errorDocument('InternalError'));
        break;
      case 'feign':
        incoming.resume();
        response.writeHead(204).end();
        break;
      case 'delay': {
        const timer = setTimeout(() => {
          delays.delete(timer);
          handOn(incoming, response);
        }, fault.delayMs);
        delays.add(timer);
        break;
      }
      case 'hold':
        void fault.until.finally(() => handOn(incoming, response));
        break;
      case 'reset': {
        if (fault.afterBytes === 0) {
          incoming.socket.resetAndDestroy();
          break;
        }
        const outgoing = forward(incoming, (answer) => answer.resume());
        const reset = (): void => {
          outgoing.destroy();
          incoming.socket.resetAndDestroy();
        };
        let bytes = 0;
        incoming.on('data', (data: Buffer) => {
          bytes += data.length;
          if (bytes >= fault.afterBytes) reset();
        });
        // A body that is shorter gets no answer either.
        incoming.once('end', reset);
        break;
      }
      case 'lose the answer':
        forward(incoming, (answer) => {
          answer.resume().once('end', () => {
            fault.andThen?.();
            incoming.socket.resetAndDestroy();
          });
        });
        break;
    }
  };

  const server = createServer({ keepAliveTimeout: 75_000, requestTimeout: 0 }, serve);
  server.on('checkContinue', (incoming, response) => {
    response.writeContinue();
    serve(incoming, response);
  });
  await new Promise<void>((resolve) => server.listen(0, LOOPBACK, resolve));
  const { port } = server.address() as AddressInfo;

  return {
    endpoint: `http://${LOOPBACK}:${port}`,
    count: (operation) => counts.get(operation) ?? 0,
    faults,
    async close() {
      for (const timer of delays) clearTimeout(timer);
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      agent.destroy();
      await closed;
    },
  };
}

function identify(incoming: IncomingMessage, counts: Map<S3Operation, number>): S3Request {
  const { pathname, searchParams: query } = new URL(incoming.url ?? '/', 'http://front');
  const operation = operationOf(incoming.method ?? '', query);
  const number = (counts.get(operation) ?? 0) + 1;
  counts.set(operation, number);
  const partNumber = query.get('partNumber');
  const bucket = pathname.split('/')[1] || undefined;
  return { operation, bucket, number, ...(partNumber !== null && { partNumber: Number(partNumber) }) };
}

function operationOf(method: string, query: URLSearchParams): S3Operation {
  if (method === 'HEAD') return 'HeadObject';
  if (method === 'POST' && query.has('uploads')) return 'CreateMultipartUpload';
  if (!query.has('uploadId')) return 'other';
  switch (method) {
    case 'PUT':
      return 'UploadPart';
    case 'GET':
      return 'ListParts';
    case 'POST':
      return 'CompleteMultipartUpload';
    case 'DELETE':
      return 'AbortMultipartUpload';
    default:
      return 'other';
  }
}

const errorDocument = (code: string): string =>
  `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>made by a test</Message></Error>`;
