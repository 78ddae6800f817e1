import { createServer, type RequestListener, Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Server as TcpServer } from 'node:net';
import type { S3Client } from '@aws-sdk/client-s3';
import { createS3Client, type S3ClientOptions } from '../../../s3/client.ts';

/** A client of a server that answers as no store does on demand. Its owner calls `close`. */
export interface OddS3 {
  client: S3Client;
  close(): Promise<void>;
}

/** @param answer of an HTTP server, or a server of another kind */
export async function startOddS3(
  answer: RequestListener | TcpServer,
  options: S3ClientOptions = {},
): Promise<OddS3> {
  const server = typeof answer === 'function' ? createServer(answer) : answer;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const client = createS3Client({
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    ...options,
  });
  return {
    client,
    async close() {
      client.destroy();
      if (server instanceof Server) server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

export function answerXml(response: ServerResponse, status: number, body: string): void {
  response.writeHead(status, { 'content-type': 'application/xml', 'x-amz-request-id': 'R4ND0M' });
  response.end(body);
}
