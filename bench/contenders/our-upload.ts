import { CreateMultipartUploadCommand, GetObjectCommand } from '@aws-sdk/client-s3';
import { downloadChunk } from '../../lambdas/download-chunk/download-chunk.ts';
import { S3ObjectStore } from '../../lambdas/shared/adapters/s3-object-store.ts';
import { systemClock } from '../../lambdas/shared/adapters/system-clock.ts';
import type { DownloadChunkEvent } from '../../lambdas/shared/contracts.ts';
import { formatModifiedAt } from '../../lambdas/shared/source-file.ts';
import { lineTelemetry } from '../../local/line-telemetry.ts';
import { hashStream } from '../../local/sample-file.ts';
import { labS3Client } from '../lab/lab-s3.ts';
import type { NodeJob } from './node-job.ts';
import type { NodeTransfer } from './node-runner.ts';
import { ourSource } from './our-source.ts';

/** DownloadChunk's core as it is deployed: reads the range and uploads it as one part, with its checksum. */
export async function ourUpload(job: NodeJob): Promise<NodeTransfer> {
  const { endpoint, bucket } = job.s3;
  const signal = new AbortController().signal;
  const client = labS3Client(endpoint);
  const store = new S3ObjectStore(client);
  const source = ourSource(job);
  const session = await source.connect(signal);
  const maxReadBytes = await session.maxReadBytes();
  const stat = await session.stat(job.path);
  await session.end();

  const target = { bucket, key: `part-${process.pid}` };
  const { UploadId: uploadId = '' } = await client.send(
    new CreateMultipartUploadCommand({ Bucket: bucket, Key: target.key, ChecksumAlgorithm: 'CRC64NVME' }),
  );
  const event: DownloadChunkEvent = {
    execution_id: 'bench',
    upload_id: uploadId,
    file: {
      path: job.path,
      size_bytes: stat.sizeBytes,
      modified_at: formatModifiedAt(stat),
      max_read_bytes: maxReadBytes,
      ...target,
      chunk_size_bytes: job.sizeBytes,
      max_concurrency: 1,
      if_exists: 'replace',
      object_metadata: {},
    },
    chunk: { chunk_number: 1, start_byte: 0, end_byte: job.sizeBytes },
  };
  const ports = { source, store, telemetry: lineTelemetry(), clock: systemClock, random: Math.random };

  return {
    async transfer() {
      await downloadChunk(event, ports, signal);
    },
    async check() {
      const upload = { ...target, uploadId };
      const parts = await store.listParts(upload, signal);
      await store.completeMultipartUpload(
        upload,
        { parts, sizeBytes: job.sizeBytes, onlyIfAbsent: false },
        signal,
      );
      const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: target.key }));
      const sha256 = await hashStream(Body as AsyncIterable<Uint8Array>);
      client.destroy();
      return sha256;
    },
  };
}
