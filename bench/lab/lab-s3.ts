import type { S3Client } from '@aws-sdk/client-s3';
import { createS3Client } from '../../s3/client.ts';

/** What the embedded S3 server takes; it checks no signatures. */
export const LAB_S3_CREDENTIALS = { accessKeyId: 'bench', secretAccessKey: 'bench-bench' };
export const LAB_S3_REGION = 'us-east-1';

export function labS3Client(endpoint: string): S3Client {
  return createS3Client({ endpoint, region: LAB_S3_REGION, credentials: LAB_S3_CREDENTIALS });
}
