import { randomUUID } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { MultipartUploads } from './multipart-uploads.ts';
import { ObjectFiles } from './object-files.ts';
import type { Storage } from './request/call.ts';
import { parseRequestTarget } from './request/request-target.ts';
import { sendError } from './responses.ts';
import { findOperation } from './router.ts';
import { toS3Error } from './s3-error.ts';

/** A running server. */
export interface S3Server {
  /** `http://host:port` or `https://host:port`, for a client with path-style addressing. */
  readonly endpoint: string;
  /** The file that holds an object's bytes now. @throws Error when there is no such object */
  objectPath(bucket: string, key: string): string;
  /** Stops at once: cuts every connection, waits for what runs to notice. Safe to call twice. */
  close(): Promise<void>;
}

export interface S3ServerOptions {
  /** Holds every file of the server; objects in it are served again by a later server. */
  directory: string;
  /** 0 takes a free port. @default 0 */
  port?: number;
  /** @default '127.0.0.1' */
  host?: string;
  /** A completion that takes longer shows its client so often that it is at work. @default DEFAULT_KEEP_ALIVE_INTERVAL_MS */
  keepAliveIntervalMs?: number;
  /**
   * Where an object's checksum comes from: `bytes` hashes every byte of the finished object once more, which proves what
   * the client computed; `parts` combines what was computed of the parts as they came, which takes no time, as in S3.
   * @default 'bytes'
   */
  checksumFrom?: 'bytes' | 'parts';
  /** Key and certificate in PEM, to speak TLS as S3 does. @default plain HTTP */
  tls?: { key: string; cert: string };
}

/** Well below the idle time after which clients give up. */
const DEFAULT_KEEP_ALIVE_INTERVAL_MS = 5_000;
/** Longer than clients keep an idle connection, so that none is closed under a request on its way. */
const KEEP_ALIVE_TIMEOUT_MS = 75_000;
/** A part of 5 GiB may be hours on its way; what stalls is cut by the client, or by `close`. */
const NO_TIMEOUT = 0;

/**
 * Starts an S3-compatible server for tests and for the local run: path-style, the operations of `router.ts`, strict
 * where S3 is strict. It does not verify signatures, so it must listen on loopback only, and it has no versions,
 * no access rights and no encryption.
 */
export async function startS3Server(options: S3ServerOptions): Promise<S3Server> {
  const {
    directory,
    port = 0,
    host = '127.0.0.1',
    keepAliveIntervalMs = DEFAULT_KEEP_ALIVE_INTERVAL_MS,
    checksumFrom = 'bytes',
    tls,
  } = options;
  const closing = new AbortController();
  const storage: Storage = {
    incomingFolder: join(directory, 'incoming'),
    objects: new ObjectFiles(directory),
    uploads: new MultipartUploads(directory),
    keepAliveIntervalMs,
    checksumFrom,
    closing: closing.signal,
  };
  await storage.uploads.removeLeftovers();
  await rm(storage.incomingFolder, { recursive: true, force: true });
  await mkdir(storage.incomingFolder, { recursive: true });

  const running = new Set<Promise<void>>();
  const timeouts = { keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS, requestTimeout: NO_TIMEOUT };
  const server = tls === undefined ? createServer(timeouts) : createTlsServer({ ...timeouts, ...tls });
  const serve = (request: IncomingMessage, response: ServerResponse, acceptBody: () => void): void => {
    const work = answer(request, response, acceptBody, storage).finally(() => running.delete(work));
    running.add(work);
  };
  server.on('request', (request, response) => serve(request, response, () => {}));
  server.on('checkContinue', (request, response) => serve(request, response, () => response.writeContinue()));
  await listen(server, port, host);

  const address = server.address() as AddressInfo;
  const urlHost = address.family === 'IPv6' ? `[${address.address}]` : address.address;
  return {
    endpoint: `${tls === undefined ? 'http' : 'https'}://${urlHost}:${address.port}`,
    objectPath: (bucket, key) => storage.objects.objectPath(bucket, key),
    async close() {
      closing.abort(new Error('The S3 server is closing'));
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
      await Promise.all(running);
    },
  };
}

/** Runs one request to its end; an answer that can no longer be given is dropped with its connection. Never rejects. */
async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  acceptBody: () => void,
  storage: Storage,
): Promise<void> {
  response.setHeader('x-amz-request-id', randomUUID());
  response.setHeader('server', 'sftp-to-s3');
  const rawTarget = request.url ?? '/';
  try {
    const target = parseRequestTarget(rawTarget);
    const operation = findOperation(request.method ?? '', target);
    await operation({ ...target, ...storage, request, response, acceptBody });
  } catch (error) {
    if (response.headersSent || response.destroyed) {
      response.destroy();
      return;
    }
    sendError(response, toS3Error(error), rawTarget);
    // A client may send on for a while; cutting it off could cost it the answer.
    request.resume();
  }
}

function listen(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.removeListener('error', reject);
      resolve();
    });
  });
}
