import { S3Client, type S3ClientConfig } from '@aws-sdk/client-s3';
import { SdkCrc64Nvme } from './crc64-nvme/sdk-checksum.ts';
import { collectAnswer, S3HttpHandler } from './transport.ts';

export interface S3ClientOptions {
  /** Of an S3-compatible store; then addressing is path-style. @default the region's own S3 endpoint */
  endpoint?: string;
  /** @default what the SDK's standard chain finds */
  region?: string;
  /** @default what the SDK's standard chain finds */
  credentials?: NonNullable<S3ClientConfig['credentials']>;
  /** Sockets at a time; more requests than that wait in line. @default DEFAULT_MAX_SOCKETS */
  maxSockets?: number;
  /** @default DEFAULT_CONNECT_TIMEOUT_MS */
  connectTimeoutMs?: number;
  /** A request fails after so long with no byte in either direction. @default DEFAULT_IDLE_TIMEOUT_MS */
  idleTimeoutMs?: number;
  /** Attempts of a request whose body can be sent again; a streamed part has one. @default DEFAULT_MAX_ATTEMPTS */
  maxAttempts?: number;
}

/** Step Functions runs at most 40 chunks at a time; in the local run all of them share one client. */
const DEFAULT_MAX_SOCKETS = 64;
const DEFAULT_CONNECT_TIMEOUT_MS = 5_000;
/**
 * Longer than a source may stall, which must be noticed first, by its own name. A completion may take minutes, but S3
 * sends white space meanwhile.
 */
export const DEFAULT_IDLE_TIMEOUT_MS = 60_000;
const DEFAULT_MAX_ATTEMPTS = 4;

/** With the SDK's own default logger, a failed stream upload is reported on stderr although its error is thrown as well. */
const SILENT: NonNullable<S3ClientConfig['logger']> = {
  trace() {},
  debug() {},
  info() {},
  warn() {},
  error() {},
};

/** An S3 client with keep-alive, bounded waits and nothing written to the console. Its owner calls `destroy`. */
export function createS3Client(options: S3ClientOptions = {}): S3Client {
  const { endpoint, region, credentials } = options;
  return new S3Client({
    ...(endpoint !== undefined && { endpoint, forcePathStyle: true }),
    ...(region !== undefined && { region }),
    ...(credentials !== undefined && { credentials }),
    maxAttempts: options.maxAttempts ?? DEFAULT_MAX_ATTEMPTS,
    logger: SILENT,
    checksumAlgorithms: { CRC64NVME: SdkCrc64Nvme },
    streamCollector: collectAnswer,
    requestHandler: new S3HttpHandler({
      connectionTimeout: options.connectTimeoutMs ?? DEFAULT_CONNECT_TIMEOUT_MS,
      socketTimeout: options.idleTimeoutMs ?? DEFAULT_IDLE_TIMEOUT_MS,
      httpAgent: { keepAlive: true, maxSockets: options.maxSockets ?? DEFAULT_MAX_SOCKETS },
      httpsAgent: { keepAlive: true, maxSockets: options.maxSockets ?? DEFAULT_MAX_SOCKETS },
    }),
  });
}

/**
 * Closes the client's kept connections; its next request opens a new one. Lambda freezes a function between two
 * invocations, and a peer or a NAT gateway may drop the connection meanwhile (NAT: after 350 s without a packet,
 * https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-basics.html). The SDK repeats a request that meets
 * such a connection, but not a streamed part: its body is gone.
 */
export function closeKeptConnections(client: S3Client): void {
  client.config.requestHandler.destroy?.();
}
