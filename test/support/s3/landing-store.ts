import { mkdir } from 'node:fs/promises';
import {
  CreateBucketCommand,
  GetObjectCommand,
  ListMultipartUploadsCommand,
  ListObjectsV2Command,
  type S3Client,
} from '@aws-sdk/client-s3';
import { startS3Server } from '../../../local/s3-server/server.ts';
import { hashStream } from '../../../local/sample-file.ts';
import { createS3Client, type S3ClientOptions } from '../../../s3/client.ts';

export const BUCKET = 'landing';

/** What a test asks of the place where files land. */
export interface LandingStore {
  endpoint: string;
  s3: S3Client;
  /** For a process of its own. */
  environment: Readonly<Record<string, string>>;
  /** Hexadecimal SHA-256 of an object. @param bucket by default BUCKET */
  hashOf(key: string, bucket?: string): Promise<string>;
  /** Keys of all objects whose key begins so. */
  keys(prefix?: string): Promise<string[]>;
  /** Upload ids of all multipart uploads that are neither completed nor aborted. */
  openUploads(): Promise<string[]>;
  close(): Promise<void>;
}

/** A client as the product makes it, for the server at `endpoint`. */
export function landingClient(options: Pick<S3ClientOptions, 'endpoint' | 'idleTimeoutMs'>): S3Client {
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  return createS3Client({ ...options, region: 'eu-west-1', credentials });
}

/** Starts the embedded S3 server with one bucket, storing below `directory`. */
export async function startLandingStore(directory: string): Promise<LandingStore> {
  await mkdir(directory, { recursive: true });
  const server = await startS3Server({ directory });
  const s3 = landingClient({ endpoint: server.endpoint });
  await s3.send(new CreateBucketCommand({ Bucket: BUCKET }));
  return {
    endpoint: server.endpoint,
    s3,
    environment: { AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test', AWS_REGION: 'eu-west-1' },
    async hashOf(key, bucket = BUCKET) {
      const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
      return hashStream(Body as AsyncIterable<Uint8Array>);
    },
    async keys(prefix = '') {
      const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: BUCKET, Prefix: prefix }));
      return Contents.map(({ Key }) => String(Key));
    },
    async openUploads() {
      const { Uploads = [] } = await s3.send(new ListMultipartUploadsCommand({ Bucket: BUCKET }));
      return Uploads.map(({ UploadId }) => String(UploadId));
    },
    async close() {
      s3.destroy();
      await server.close();
    },
  };
}
