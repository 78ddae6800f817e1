import type { S3Client } from '@aws-sdk/client-s3';
import type { EmbeddedServers } from '../../../local/embedded-servers.ts';
import { bytesInFlightPerConnection } from '../../../local/shared-budget.ts';
import { createS3Client } from '../../../s3/client.ts';
import { Ssh2SftpServer } from '../../../sftp/sftp-server.ts';

/** The embedded S3 server takes any credentials. Its owner calls `destroy`. */
export function embeddedS3Client({ s3 }: EmbeddedServers): S3Client {
  return createS3Client({
    endpoint: s3.endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
}

export function embeddedSftpServer({ sftp }: EmbeddedServers, maxConcurrency: number): Ssh2SftpServer {
  const { username, password, port, hostKeyFingerprint } = sftp;
  return new Ssh2SftpServer({
    host: '127.0.0.1',
    port,
    hostKeyFingerprints: [hostKeyFingerprint],
    credentials: async () => ({ username, password }),
    maxBytesInFlight: bytesInFlightPerConnection(maxConcurrency),
  });
}
