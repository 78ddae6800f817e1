import path from 'node:path';
import { downloadChunk } from '../../lambdas/download-chunk/download-chunk.ts';
import type { DownloadChunkEvent } from '../../lambdas/download-chunk/event.ts';
import { lineTelemetry } from '../../local/line-telemetry.ts';
import { S3ObjectStore } from '../../s3/object-store.ts';
import { systemClock } from '../../transfer/clock.ts';
import { formatModifiedAt } from '../../transfer/source-file.ts';
import { labS3Client } from '../lab/lab-s3.ts';
import type { NodeJob } from './node-job.ts';
import { ourSource } from './our-source.ts';

/**
 * DownloadChunk's core as it is deployed: reads the range and uploads it as one part, with its checksum.
 * @returns what starts the transfer; finding out what GetFileMetadata would is done before
 */
export async function ourUpload(job: NodeJob): Promise<() => Promise<undefined>> {
  const signal = new AbortController().signal;
  const source = ourSource(job);
  const session = await source.connect(signal);
  const maxReadBytes = await session.maxReadBytes(signal);
  const modifiedAt = formatModifiedAt(await session.stat(job.path, AbortSignal.timeout(60_000)));
  await session.end();

  const client = labS3Client(job.partSinkEndpoint);
  const ports = {
    source,
    store: new S3ObjectStore(client),
    telemetry: lineTelemetry(),
    clock: systemClock,
    random: Math.random,
  };
  const event: DownloadChunkEvent = {
    execution_id: 'bench',
    upload_id: 'bench',
    file: {
      path: job.path,
      size_bytes: job.sizeBytes,
      modified_at: modifiedAt,
      max_read_bytes: maxReadBytes,
      bucket: 'sink',
      key: path.basename(job.targetPath),
      chunk_size_bytes: job.sizeBytes,
      max_concurrency: 1,
      if_exists: 'replace',
      object_metadata: {},
    },
    chunk: { chunk_number: 1, start_byte: 0, end_byte: job.sizeBytes },
  };
  return async () => {
    await downloadChunk(event, ports, signal);
    client.destroy();
    return undefined;
  };
}
